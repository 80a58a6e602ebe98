import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../src/index.ts";

/** Why tests with a real containerd can't run here; undefined where they can. */
export const missing: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (process.platform !== "linux") return "containerd's tests need Linux";
  if (process.geteuid?.() !== 0) return "containerd's tests need root";
  for (const tool of ["containerd", "containerd-shim-runc-v2", "runc", "busybox"]) {
    if (!Bun.which(tool)) return `${tool} is not installed`;
  }
  return undefined;
}

/** A containerd of the tests' own: its folders, its socket, a root filesystem with busybox. */
export interface Daemon {
  readonly address: string;
  readonly rootfs: string;
  readonly fifoDir: string;
  /** Where runc keeps its state, apart from that of other daemons. */
  readonly runcRoot: string;
  start(): Promise<void>;
  /** Ends the daemon alone; shims and tasks go on. */
  kill(): Promise<void>;
  /** Ends daemon, shims and tasks, and removes everything; of the containers that had these ids. */
  stop(ids: readonly string[]): Promise<void>;
}

/** The namespace that the tests use. */
export const namespace = "taskio-test";

/** Starts one. */
export async function startContainerd(): Promise<Daemon> {
  const folder = mkdtempSync(join(tmpdir(), "taskio-containerd-"));
  const path = (name: string) => join(folder, name);
  const address = path("containerd.sock");
  await Bun.write(path("config.toml"), config(folder, address));
  let daemon: Bun.Subprocess | undefined;
  const start = async () => {
    const log = Bun.file(path("log"));
    const command = ["containerd", "--config", path("config.toml")];
    daemon = Bun.spawn(command, { stdout: log, stderr: log, stdin: "ignore" });
    await untilReady(address, daemon, log);
  };
  const kill = async () => {
    daemon?.kill("SIGKILL");
    await daemon?.exited;
  };
  const stop = async (ids: readonly string[]) => {
    await kill();
    await endShims(address);
    deleteContainers(path("runc"));
    removeShimSockets(address, namespace, ids);
    unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  await start();
  const rootfs = makeRootfs(folder);
  return { address, rootfs, fifoDir: path("fifo"), runcRoot: path("runc"), start, kill, stop };
}

function config(folder: string, address: string): string {
  return `
version = 2
root = "${folder}/root"
state = "${folder}/state"
oom_score = 0
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "${address}"
`;
}

async function untilReady(address: string, daemon: Bun.Subprocess, log: Bun.BunFile) {
  for (let i = 0; i < 400; i++) {
    if (daemon.exitCode !== null) break;
    try {
      await using client = await connect({ address });
      await client.version({ signal: AbortSignal.timeout(1000) });
      return;
    } catch {
      await Bun.sleep(25);
    }
  }
  throw new Error(`containerd does not start: ${await log.text()}`);
}

function makeRootfs(folder: string): string {
  const rootfs = join(folder, "rootfs");
  for (const name of ["bin", "proc", "dev", "tmp"]) {
    mkdirSync(join(rootfs, name), { recursive: true });
  }
  const busybox = Bun.which("busybox")!;
  copyFileSync(busybox, join(rootfs, "bin/busybox"));
  const applets = Bun.spawnSync([busybox, "--list"]).stdout.toString().trim().split("\n");
  for (const applet of applets.filter((name) => name !== "busybox")) {
    symlinkSync("busybox", join(rootfs, "bin", applet));
  }
  return rootfs;
}

/** The shims name the socket of their daemon in their arguments. */
async function endShims(address: string): Promise<void> {
  const shims = () =>
    readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(address));
  for (let i = 0; i < 100 && shims().length > 0; i++) {
    for (const pid of shims()) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {}
    }
    await Bun.sleep(20);
  }
}

function commandLine(pid: string): string {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return args.includes("containerd-shim") ? args : "";
  } catch {
    return "";
  }
}

/** The tasks that the tests left, their processes and cgroups. */
function deleteContainers(root: string): void {
  if (!existsSync(root)) return;
  for (const namespace of readdirSync(root)) {
    for (const id of readdirSync(join(root, namespace))) {
      Bun.spawnSync(["runc", "--root", join(root, namespace), "delete", "--force", id]);
    }
  }
}

/** A shim that was killed leaves its socket, which is not in our folders: see its `SocketAddress`. */
function removeShimSockets(address: string, namespace: string, ids: readonly string[]): void {
  for (const id of ids) {
    const name = new Bun.CryptoHasher("sha256").update(join(address, namespace, id)).digest("hex");
    rmSync(join("/run/containerd/s", name), { force: true });
  }
}

function unmountBelow(folder: string): void {
  if (!existsSync("/proc/self/mountinfo")) return;
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounts.reverse()) Bun.spawnSync(["umount", "-l", path]);
}
