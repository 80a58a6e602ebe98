import type { MessageShape } from "@bufbuild/protobuf";
import { type Any, timestampDate } from "@bufbuild/protobuf/wkt";
import type { TaskIOError } from "@taskio/core";
import { unpackAny } from "./any.ts";
import * as containers from "./gen/containerd/events/container_pb.ts";
import * as tasks from "./gen/containerd/events/task_pb.ts";
import type { Envelope } from "./gen/containerd/types/event_pb.ts";

const schemas = {
  ContainerCreate: containers.ContainerCreateSchema,
  ContainerUpdate: containers.ContainerUpdateSchema,
  ContainerDelete: containers.ContainerDeleteSchema,
  TaskCreate: tasks.TaskCreateSchema,
  TaskStart: tasks.TaskStartSchema,
  TaskExit: tasks.TaskExitSchema,
  TaskDelete: tasks.TaskDeleteSchema,
  TaskExecAdded: tasks.TaskExecAddedSchema,
  TaskExecStarted: tasks.TaskExecStartedSchema,
  TaskOOM: tasks.TaskOOMSchema,
  TaskPaused: tasks.TaskPausedSchema,
  TaskResumed: tasks.TaskResumedSchema,
  TaskCheckpointed: tasks.TaskCheckpointedSchema,
} as const;

type Schemas = typeof schemas;
const types = Object.keys(schemas) as (keyof Schemas)[];

interface EventOf<Type extends string, Data> {
  /** The name of containerd's message, which tells what `data` is; `other` for one not known here. */
  readonly type: Type;
  /** Such as `/tasks/exit`. */
  readonly topic: string;
  readonly namespace: string;
  readonly timestamp: Date | undefined;
  readonly data: Data;
}

/** What is known of a time whose events never came. */
export interface Gap {
  /** When the connection was seen to be lost. */
  readonly since: Date;
  /** How. */
  readonly error: TaskIOError;
}

/**
 * Something that happened to a container, a task or an exec. Narrow it by its `type`.
 *
 * A `gap` is not the server's: the connection was lost, and events are heard again from here on. What
 * happened in between is not told; look again at what matters, by a `list`. Its topic is empty.
 */
export type ContainerdEvent =
  | EventOf<"gap", Gap>
  | { [Type in keyof Schemas]: EventOf<Type, MessageShape<Schemas[Type]>> }[keyof Schemas]
  | EventOf<"other", Any | undefined>;

/** From what containerd sends. */
export function toEvent({ topic, namespace, timestamp, event }: Envelope): ContainerdEvent {
  const head = { topic, namespace, timestamp: timestamp && timestampDate(timestamp) };
  const type = types.find((name) => event?.typeUrl.endsWith(`containerd.events.${name}`));
  if (!type) return { ...head, type: "other", data: event };
  return { ...head, type, data: unpackAny(schemas[type], event) } as ContainerdEvent;
}
