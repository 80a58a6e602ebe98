import { expect, test } from "bun:test";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import {
  packAny,
  packJSON,
  TaskExitSchema,
  TaskOOMSchema,
  typeURL,
  unpackAny,
  unpackJSON,
} from "../src/proto.ts";

test("a message has its bare name as type URL, as containerd's typeurl wants it", () => {
  const any = packAny(TaskExitSchema, { containerId: "web", exitStatus: 3 });
  expect(any.typeUrl).toBe("containerd.events.TaskExit");
  expect(unpackAny(TaskExitSchema, any)).toMatchObject({ containerId: "web", exitStatus: 3 });
  expect(unpackAny(TaskOOMSchema, any)).toBeUndefined();
  expect(unpackAny(TaskOOMSchema, undefined)).toBeUndefined();
});

test("a message with Google's prefix is taken too", () => {
  const any = anyPack(TaskOOMSchema, create(TaskOOMSchema, { containerId: "web" }));
  expect(any.typeUrl).toStartWith("type.googleapis.com/");
  expect(unpackAny(TaskOOMSchema, any)?.containerId).toBe("web");
});

test("an OCI type is JSON", () => {
  const spec = { ociVersion: "1.0.2", process: { args: ["é"], cwd: "/" } };
  const any = packJSON(typeURL.spec, spec);
  expect(any.typeUrl).toBe("types.containerd.io/opencontainers/runtime-spec/1/Spec");
  expect(JSON.parse(new TextDecoder().decode(any.value))).toEqual(spec);
  expect(unpackJSON(any)).toEqual(spec);
  expect(unpackJSON(undefined)).toBeUndefined();
});
