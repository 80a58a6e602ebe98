import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("server-program.ts", import.meta.url));

/** A fake server in a process of its own, which can be killed or stopped under its clients. */
export class ServerProcess implements AsyncDisposable {
  readonly address = join(tmpdir(), `taskio-fake-${crypto.randomUUID()}`);
  #child: Bun.Subprocess<"ignore", "pipe", "inherit"> | undefined;

  async start(): Promise<void> {
    rmSync(this.address, { force: true });
    const command = [process.execPath, program, this.address];
    this.#child = Bun.spawn(command, { stdio: ["ignore", "pipe", "inherit"] });
    await this.#child.stdout.getReader().read(); // it says when it listens
  }

  signal(name: NodeJS.Signals): void {
    this.#child!.kill(name);
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.address, { force: true });
  }
}
