import type { Bench } from "../bench.ts";
import type { ContainerdClients } from "../containerd-clients.ts";
import type { Row } from "../row.ts";
import { RunFolder } from "../run-folder.ts";
import { fullBytes, quickBytes } from "../sizes.ts";

let count = 0;

/** A container that writes, its client's stdout a pipe: `taskio run` beside `ctr run`. */
export const ctrRunBytes: Row = {
  figures: [
    { name: "ctr-run-bytes", unit: "s", better: "less" },
    { name: "ctr-run-bytes-cpu", unit: "s", better: "less" },
  ],
  needsContainerd: true,
  async sides(bench) {
    const clients = await bench.clients();
    const { daemon, taskio, ctr } = clients;
    const blocks = bench.size(fullBytes, quickBytes) >> 16;
    const writes = ["dd", "if=/dev/zero", "bs=64k", `count=${blocks}`, "status=none"];
    const root = ["--rootfs", daemon.rootfs];
    return {
      ours: () => runInto(bench, clients, [...taskio, "run", "--rm", ...root, "--", ...writes]),
      go: () => {
        const flags = ["--rm", "--fifo-dir", daemon.fifoDir, "--env", "PATH=/bin"];
        const command = [...ctr, "run", ...flags, ...root, `bytes-${++count}`, ...writes];
        return runInto(bench, clients, command);
      },
    };
  },
};

async function runInto(bench: Bench, clients: ContainerdClients, command: readonly string[]) {
  using folder = new RunFolder();
  const pipe = folder.fifo();
  await using drain = bench.task("drain", pipe);
  const { ms, cpu } = await clients.run(command, pipe);
  const { bytes } = await drain.result<{ bytes: number }>();
  const expected = bench.size(fullBytes, quickBytes);
  if (bytes !== expected) throw new Error(`${bytes} bytes arrived of ${expected}`);
  return [ms / 1e3, cpu];
}
