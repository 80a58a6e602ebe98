import type { Task } from "@taskio/containerd";
import { unlessGone } from "./unless-gone.ts";
import type { Ends, World } from "./world.ts";

/** A task that runs and that its client has left. Disposing ends it. */
export class LeftTask implements AsyncDisposable {
  readonly task: Task;

  private constructor(task: Task) {
    this.task = task;
  }

  static async start(world: World, args: readonly string[], ends: Ends): Promise<LeftTask> {
    const task = await world.newTask(args, ends);
    await task.detach();
    await task.start();
    return new LeftTask(task);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await unlessGone(this.task.delete({ kill: true, grace: 0 }));
  }
}
