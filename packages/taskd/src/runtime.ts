import { ContainerStore } from "./container-store.ts";
import { EventBus } from "./event-bus.ts";
import { NamespaceStore } from "./namespace-store.ts";
import { TaskEvents } from "./task-events.ts";
import { type StorePaths, TaskStore } from "./task-store.ts";

/** Everything that the services work on. */
export class Runtime {
  readonly events = new EventBus();
  readonly taskEvents = new TaskEvents(this.events);
  readonly containers: ContainerStore;
  readonly namespaces: NamespaceStore;
  readonly tasks: TaskStore;

  private constructor(paths: StorePaths) {
    const { state } = paths;
    this.containers = new ContainerStore(state);
    this.namespaces = new NamespaceStore(state, this.containers);
    this.tasks = new TaskStore(paths, this.containers, this.taskEvents);
  }

  /** Starts from what an earlier runtime left; what can't be read is reported and left as it is. */
  static async load(paths: StorePaths, report: (error: unknown) => void): Promise<Runtime> {
    const runtime = new Runtime(paths);
    runtime.containers.load(report);
    runtime.namespaces.load(report);
    await runtime.tasks.load(report);
    return runtime;
  }
}
