const main = Bun.fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Runs the bench, and gives what came of it. */
export async function bench(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using child = Bun.spawn([process.execPath, main, ...args], {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { stdout, stderr, exitCode };
}
