import type { Daemon } from "../../src/index.ts";

/** Starts tasks that go on: one on the root filesystem, one that is frozen, one of an image. */
export async function startTasks(daemon: Daemon, namespace: string): Promise<void> {
  const run = ["-n", namespace, "run", "-d", "--fifo-dir", daemon.fifoDir];
  const { name } = await daemon.importImage("docker.io/library/sleeper:1", { namespace });
  await succeeded(daemon, ...run, "--rootfs", daemon.rootfs, "plain", "/bin/sleep", "1000");
  await succeeded(daemon, ...run, "--rootfs", daemon.rootfs, "frozen", "/bin/sleep", "1000");
  await succeeded(daemon, "-n", namespace, "task", "pause", "frozen");
  await succeeded(daemon, ...run, name, "image", "sleep", "1000");
}

/** Runs `ctr`, and gives what it prints. */
export async function succeeded(daemon: Daemon, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await daemon.ctr(...args);
  if (exitCode !== 0) throw new Error(`ctr ${args.join(" ")} failed: ${stderr}`);
  return stdout;
}
