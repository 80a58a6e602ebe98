import { type MessageInitShape, type DescMessage } from "@bufbuild/protobuf";
import {
  packAny,
  TaskCreateSchema,
  TaskDeleteSchema,
  TaskExecAddedSchema,
  TaskExecStartedSchema,
  TaskExitSchema,
  TaskStartSchema,
} from "@taskio/containerd/proto";
import type { EventBus } from "./event-bus.ts";
import type { ProcessRecord } from "./process/process-record.ts";
import { timestamp } from "./timestamp.ts";

interface Named {
  readonly id: string;
  readonly namespace: string;
  readonly bundle: string;
}

/** Makes known what happens to tasks, as containerd does. */
export class TaskEvents {
  readonly #bus: EventBus;

  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  create(task: Named, { config }: ProcessRecord): void {
    const { id: containerId, bundle } = task;
    this.#publish(task, "create", TaskCreateSchema, { containerId, bundle, io: { ...config } });
  }

  start(task: Named, execId: string, pid: number): void {
    const containerId = task.id;
    if (execId === "") this.#publish(task, "start", TaskStartSchema, { containerId, pid });
    else this.#publish(task, "exec-started", TaskExecStartedSchema, { containerId, execId, pid });
  }

  execAdded(task: Named, execId: string): void {
    this.#publish(task, "exec-added", TaskExecAddedSchema, { containerId: task.id, execId });
  }

  exit(task: Named, process: ProcessRecord): void {
    this.#publish(task, "exit", TaskExitSchema, ending(task, process));
  }

  delete(task: Named, process: ProcessRecord): void {
    this.#publish(task, "delete", TaskDeleteSchema, ending(task, process));
  }

  #publish<T extends DescMessage>(
    task: Named,
    topic: string,
    schema: T,
    event: MessageInitShape<T>,
  ): void {
    this.#bus.publish(task.namespace, `/tasks/${topic}`, packAny(schema, event));
  }
}

function ending(task: Named, { id, pid, exitStatus, exitedAt }: ProcessRecord) {
  return { containerId: task.id, id, pid, exitStatus, exitedAt: timestamp(exitedAt) };
}
