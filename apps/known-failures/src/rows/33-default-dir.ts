import { defaultFIFODir } from "@taskio/fifo";
import assert from "node:assert/strict";
import { chmodSync, chownSync, linkSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { Program } from "../program.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";
import type { UserResult } from "../user-client.ts";
import type { World } from "../world.ts";

/** Nobody. */
const uid = 65534;
const echo = ["echo", "hello"];

export const defaultDir: Row = {
  number: 33,
  issues: ["c#12444", "n TestCleanupFIFOs"],
  failure: "the default folder for FIFOs, /run/containerd/fifo, is root's: nobody else can use it",

  async taskio(world) {
    using folder = openFolder();
    expectSame(defaultFIFODir(0), "/run/containerd/fifo", "root's");
    const own = ownFolder(folder);
    const withXDG = await runAsUser(world, { XDG_RUNTIME_DIR: own });
    const inXDG = { dir: join(own, "containerd/fifo"), output: "hello\n" };
    expectSame(withXDG, inXDG, "with a XDG_RUNTIME_DIR");
    const without = await runAsUser(world, { TMPDIR: own });
    const inTemp = { dir: join(own, `containerd-fifo-${uid}`), output: "hello\n" };
    expectSame(without, inTemp, "without XDG_RUNTIME_DIR");
    const { uid: owner, mode } = statSync(inTemp.dir);
    expectSame([owner, mode & 0o777], [uid, 0o700], "owner and mode of that folder");
    const { code, message } = await runAsUser(world, { XDG_RUNTIME_DIR: folder.path });
    expectSame(code, "PERMISSION", `the error where XDG_RUNTIME_DIR can't be written: ${message}`);
    assert(message!.includes("withFIFODir"), `no option is named: ${message}`);
    return "in $XDG_RUNTIME_DIR, else in the temp folder; where it can't be: the error names the option";
  },

  async ctr(world) {
    using folder = openFolder();
    await using tasks = new CtrTasks(world);
    const address = folder.file("containerd.sock");
    linkSync(world.daemon.address, address); // which its group can use, but not its folder
    const asUser = [process.execPath, join(import.meta.dir, "../as-user.ts"), `${uid}`, "0"];
    const command = [...asUser, world.daemon.ctrCommand[0]!, "--address", address];
    const ctr = new Program(command, { ...world.ctr.env, XDG_RUNTIME_DIR: ownFolder(folder) });
    const { exitCode, stdout, stderr } = await ctr.run([
      "task",
      "start",
      await tasks.container(echo),
    ]);
    const immune = exitCode === 0 && stdout === "hello\n";
    return { immune, seen: immune ? "its output came" : lastLine(stderr) };
  },
};

function lastLine(stderr: string): string {
  return stderr
    .trim()
    .split("\n")
    .at(-1)!
    .replace(/^ctr: /, "");
}

/** One that everybody can look into. */
function openFolder(): TempFolder {
  const folder = new TempFolder();
  chmodSync(folder.path, 0o755);
  return folder;
}

/** The user's own. */
function ownFolder(folder: TempFolder): string {
  const path = folder.file("own");
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, uid, uid);
  return path;
}

/** @param folders what of its environment names folders */
async function runAsUser(
  world: World,
  folders: { readonly XDG_RUNTIME_DIR?: string; readonly TMPDIR?: string },
): Promise<UserResult> {
  const { XDG_RUNTIME_DIR: _, TMPDIR: __, ...env } = process.env;
  const { address, namespace } = world.client;
  const main = join(import.meta.dir, "../user-client.ts");
  const client = new Program([process.execPath, main, address, namespace], { ...env, ...folders });
  const { stdout, stderr } = await client.run([await world.newContainer(echo), `${uid}`]);
  assert(stdout, stderr);
  return JSON.parse(stdout) as UserResult;
}
