import { rmSync } from "node:fs";
import { join } from "node:path";
import { unlessGone } from "./unless-gone.ts";
import type { World } from "./world.ts";

/** What ctr starts, in containers as taskio's are. Disposing ends what is left, and removes its FIFOs. */
export class CtrTasks implements AsyncDisposable {
  /** For ctr's FIFOs: whoever leaves a task with ctr leaves those too. */
  readonly fifoDir: string;
  readonly #world: World;
  readonly #ids: string[] = [];
  #execs = 0;

  constructor(world: World) {
    this.#world = world;
    this.fifoDir = join(world.daemon.fifoDir, "ctr");
  }

  /** A container that runs a command of busybox. */
  async container(
    args: readonly string[],
    options: { readonly terminal?: boolean } = {},
  ): Promise<string> {
    const id = await this.#world.newContainer(args, options);
    this.#ids.push(id);
    return id;
  }

  /** The arguments of ctr that start the task of a container, and stay with it where no flag says otherwise. */
  start(id: string, ...flags: string[]): string[] {
    return ["task", "start", "--fifo-dir", this.fifoDir, ...flags, id];
  }

  /** The arguments of ctr that run a command of busybox in a task. */
  exec(id: string, args: readonly string[], ...flags: string[]): string[] {
    const execId = `e${++this.#execs}`;
    return ["task", "exec", "--fifo-dir", this.fifoDir, "--exec-id", execId, ...flags, id, ...args];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#ids) {
      await unlessGone(this.#end(id));
      await unlessGone(this.#world.client.containers.delete(id));
    }
    rmSync(this.fifoDir, { recursive: true, force: true });
  }

  async #end(id: string): Promise<void> {
    const task = await this.#world.client.loadTask(id);
    await task.delete({ kill: true, grace: 0 });
  }
}
