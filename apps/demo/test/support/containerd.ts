import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.ts";

const tools = ["containerd", "containerd-shim-runc-v2", "runc"];

/** A containerd of the tests' own. */
export class Containerd implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), "taskio-containerd-"));
  readonly address = join(this.dir, "c.sock");
  #daemon: Bun.Subprocess | undefined;

  /** Why there is none to test with. */
  static missing(): string | undefined {
    if (process.geteuid?.() !== 0) return "only root can run containerd";
    const tool = tools.find((name) => !Bun.which(name));
    return tool && `${tool} is not installed`;
  }

  async start(): Promise<void> {
    await Bun.write(join(this.dir, "config.toml"), this.#config());
    const log = Bun.file(join(this.dir, "log"));
    const command = ["containerd", "--config", join(this.dir, "config.toml")];
    this.#daemon = Bun.spawn(command, { stdin: "ignore", stdout: log, stderr: log });
    await until(async () => (await log.text()).includes("successfully booted"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#daemon?.kill();
    await this.#daemon?.exited;
    for (const pid of this.#shims()) process.kill(pid, "SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }

  #shims(): number[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => commandOf(pid).includes(this.address)).map(Number);
  }

  #config(): string {
    return `version = 2
root = "${this.dir}/root"
state = "${this.dir}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${this.address}"
`;
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
