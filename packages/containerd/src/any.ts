import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";

/**
 * A message as containerd puts it into an Any: its type URL is the bare full name.
 *
 * @example
 * ```ts
 * import { packAny, TaskOOMSchema } from "@taskio/containerd/proto";
 *
 * console.log(packAny(TaskOOMSchema, { containerId: "web" }).typeUrl); // containerd.events.TaskOOM
 * ```
 */
export function packAny<T extends DescMessage>(schema: T, init: MessageInitShape<T>): Any {
  const value = toBinary(schema, create(schema, init));
  return create(AnySchema, { typeUrl: schema.typeName, value });
}

/**
 * The message in an Any, or undefined where it is another one. Google's prefix is taken too.
 *
 * @example
 * ```ts
 * import { packAny, TaskOOMSchema, unpackAny } from "@taskio/containerd/proto";
 *
 * const any = packAny(TaskOOMSchema, { containerId: "web" });
 * console.log(unpackAny(TaskOOMSchema, any)?.containerId); // web
 * ```
 */
export function unpackAny<T extends DescMessage>(
  schema: T,
  any: Any | undefined,
): MessageShape<T> | undefined {
  if (any?.typeUrl.replace(/^.*\//, "") !== schema.typeName) return undefined;
  return fromBinary(schema, any.value);
}

/**
 * A value as JSON in an Any, as containerd keeps OCI types.
 *
 * @param url one of `typeURL`
 *
 * @example
 * ```ts
 * import { packJSON, typeURL, unpackJSON } from "@taskio/containerd/proto";
 *
 * const any = packJSON(typeURL.process, { args: ["true"], cwd: "/" });
 * console.log(unpackJSON(any)); // { args: [ "true" ], cwd: "/" }
 * ```
 */
export function packJSON(url: string, value: unknown): Any {
  return create(AnySchema, { typeUrl: url, value: Buffer.from(JSON.stringify(value)) });
}

/** The value of an Any that holds JSON, undefined where there is none. Throws `SyntaxError`. */
export function unpackJSON(any: Any | undefined): unknown {
  if (!any || any.value.length === 0) return undefined;
  return JSON.parse(new TextDecoder().decode(any.value));
}
