import type { DescMessage, Message } from "@bufbuild/protobuf";
import {
  ContainerCreateSchema,
  ContainerDeleteSchema,
  ContainerUpdateSchema,
  type Envelope,
  TaskCheckpointedSchema,
  TaskCreateSchema,
  TaskDeleteSchema,
  TaskExecAddedSchema,
  TaskExecStartedSchema,
  TaskExitSchema,
  TaskOOMSchema,
  TaskPausedSchema,
  TaskResumedSchema,
  TaskStartSchema,
  unpackAny,
} from "@taskio/containerd/proto";
import type { FieldOf } from "./parse-filters.ts";

const schemas: readonly DescMessage[] = [
  ContainerCreateSchema,
  ContainerUpdateSchema,
  ContainerDeleteSchema,
  TaskCreateSchema,
  TaskStartSchema,
  TaskExitSchema,
  TaskDeleteSchema,
  TaskExecAddedSchema,
  TaskExecStartedSchema,
  TaskOOMSchema,
  TaskPausedSchema,
  TaskResumedSchema,
  TaskCheckpointedSchema,
];

/** The fields of an event that filters may name: `namespace`, `topic`, and `event.…` in snake case. */
export function eventField(envelope: Envelope): FieldOf {
  return ([first, ...rest]) => {
    if (first === "namespace" || first === "topic")
      return rest.length ? undefined : envelope[first];
    if (first !== "event") return undefined;
    for (const schema of schemas) {
      const event = unpackAny(schema, envelope.event);
      if (event) return messageField(schema, event, rest);
    }
    return undefined;
  };
}

function messageField(
  schema: DescMessage,
  message: Message,
  [name, ...rest]: readonly string[],
): string | undefined {
  const field = schema.fields.find((field) => field.name === name);
  if (!field) return undefined;
  const value = (message as unknown as Record<string, unknown>)[field.localName];
  if (field.fieldKind === "message" && value) {
    return messageField(field.message, value as Message, rest);
  }
  if (field.fieldKind === "map") return (value as Record<string, string>)[rest.join(".")];
  return field.fieldKind === "scalar" && rest.length === 0 ? String(value) : undefined;
}
