import { join } from "node:path";

/** A user that owns nothing. */
export const nobody = 65_534;

/** Whether this process may start others as {@link nobody}. */
export const canBeNobody = process.geteuid?.() === 0 && Bun.which("setpriv") !== null;

/**
 * Runs code as a user that may not look into this process, with `holders` in scope for what
 * `@taskio/fifo/holders` exports, and gives what it returns.
 */
export async function asNobody(code: string, env: Record<string, string> = {}): Promise<unknown> {
  const index = join(import.meta.dir, "../../src/holders/index.ts");
  const program = `
    import * as holders from ${JSON.stringify(index)};
    const run = async () => { ${code} };
    console.log(JSON.stringify(await run()));`;
  const user = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const child = Bun.spawn([...user, "bun", "-e", program], {
    env: { ...process.env, ...env },
    stdout: "pipe",
  });
  const output = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error("the process of another user failed");
  return JSON.parse(output);
}
