import { closeSync } from "node:fs";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { loadLibc } from "@taskio/fifo/libc";
import { newId } from "./new-id.ts";

const sample = join(import.meta.dir, "sample-driver.ts");
const O_CLOEXEC = 0o2000000;
const { pipe2 } = loadLibc({ pipe2: { args: ["ptr", "i32"], returns: "i32" } }, "tests need");

function pipe(): [number, number] {
  const ends = new Int32Array(2);
  if (pipe2(ends, O_CLOEXEC) !== 0) throw new Error("pipe2 failed");
  return [ends[0]!, ends[1]!];
}

/** A driver that this process has started as a shim does, with the other ends of its pipes. */
export class PlayedRuntime implements Disposable {
  readonly id = newId();
  readonly child: Subprocess<"ignore", "pipe", "pipe">;
  /** Write ends; blocking, so only for what fits into a pipe. */
  readonly stdout: number;
  readonly stderr: number;
  readonly #wait: number;
  readonly #open = new Set<number>();

  /** @param command what runs the driver: the sample by Bun when it is left out */
  constructor(args: readonly string[], command: readonly string[] = [process.execPath, sample]) {
    const [[outReader, out], [errReader, err], [wait, waitWriter]] = [pipe(), pipe(), pipe()];
    this.child = Bun.spawn([...command, ...args], {
      stdio: ["ignore", "pipe", "pipe", outReader, errReader, waitWriter],
      env: { CONTAINER_ID: this.id, CONTAINER_NAMESPACE: "test" },
      cwd: "/",
    }) as Subprocess<"ignore", "pipe", "pipe">;
    for (const fd of [outReader, errReader, waitWriter]) closeSync(fd);
    [this.stdout, this.stderr, this.#wait] = [out, err, wait];
    for (const fd of [out, err, wait]) this.#open.add(fd);
  }

  /** What the driver says on fd 5, up to its end. */
  async readiness(): Promise<number[]> {
    return [...(await Bun.file(this.#wait).bytes())];
  }

  /** Writes as a task does, in a process of its own that can be blocked. */
  task(script: string): Subprocess {
    return Bun.spawn(["sh", "-c", script], { stdio: ["ignore", this.stdout, this.stderr] });
  }

  close(fd: number): void {
    if (this.#open.delete(fd)) closeSync(fd);
  }

  closeOutputs(): void {
    this.close(this.stdout);
    this.close(this.stderr);
  }

  [Symbol.dispose](): void {
    this.child.kill("SIGKILL");
    for (const fd of this.#open) closeSync(fd);
  }
}
