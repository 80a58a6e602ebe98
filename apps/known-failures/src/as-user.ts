// Runs a command as another user: bun as-user.ts UID GID COMMAND [ARG...]
import { becomeUser } from "./become-user.ts";

const [uid, gid, ...command] = process.argv.slice(2);
becomeUser(Number(uid), Number(gid));
const child = Bun.spawn(command, { stdio: ["inherit", "inherit", "inherit"] });
process.exit(await child.exited);
