import { Code } from "@connectrpc/connect";
import { expect, test } from "bun:test";
import { codeOf } from "./support/code-of.ts";
import { connect, TestRuntime } from "./support/test-runtime.ts";

test("containers: create, get, list by filter, update by mask, delete", async () => {
  await using runtime = await TestRuntime.start();
  const { containers } = runtime;
  const ids = async (...filters: string[]) =>
    (await containers.list({ filters })).containers.map(({ id }) => id);
  const make = (id: string, labels: Record<string, string>) =>
    containers.create({ container: { id, labels, image: "i", runtime: { name: "r" } } });
  await make("a", { "x.y": "1", keep: "k" });
  await make("b", { "x.y": "2" });
  expect(await codeOf(make("a", {}))).toBe(Code.AlreadyExists);
  expect(await codeOf(make("../a", {}))).toBe(Code.InvalidArgument);
  expect(await ids()).toEqual(["a", "b"]);
  expect(await ids('labels."x.y"==1')).toEqual(["a"]);
  expect(await ids("id==b,image==i", 'id~="^c"')).toEqual(["b"]);
  expect(await ids("labels.keep", "runtime.name!=r")).toEqual(["a"]);
  const streamed: string[] = [];
  for await (const { container } of containers.listStream({})) streamed.push(container!.id);
  expect(streamed).toEqual(["a", "b"]);
  await containers.update({
    container: { id: "a", labels: { new: "n" }, image: "ignored" },
    updateMask: { paths: ["labels.new", "labels.keep"] },
  });
  const { container } = await containers.get({ id: "a" });
  expect(container).toMatchObject({ image: "i", labels: { "x.y": "1", new: "n" } });
  const runtimeChange = { container: { id: "a" }, updateMask: { paths: ["runtime"] } };
  expect(await codeOf(containers.update(runtimeChange))).toBe(Code.InvalidArgument);
  await containers.delete({ id: "a" });
  expect(await codeOf(containers.get({ id: "a" }))).toBe(Code.NotFound);
});

test("namespaces keep containers apart, and are required", async () => {
  await using runtime = await TestRuntime.start();
  const none = connect(runtime.address, "");
  const other = connect(runtime.address, "other");
  await runtime.container("c1", ["true"]);
  const error = await none.containers.list({}).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: Code.FailedPrecondition });
  expect(error.rawMessage).toBe("namespace is required: failed precondition");
  expect((await other.containers.list({})).containers).toEqual([]);
  const { namespaces } = none;
  await namespaces.create({ namespace: { name: "made", labels: { a: "1" } } });
  const list = (await namespaces.list({})).namespaces;
  expect(list.map(({ labels, name }) => [name, labels])).toEqual([
    ["made", { a: "1" }],
    ["test", {}],
  ]);
  await namespaces.update({
    namespace: { name: "made", labels: { b: "2" } },
    updateMask: { paths: ["labels.b"] },
  });
  expect((await namespaces.get({ name: "made" })).namespace?.labels).toEqual({ a: "1", b: "2" });
  expect(await codeOf(namespaces.delete({ name: "test" }))).toBe(Code.FailedPrecondition);
  await namespaces.delete({ name: "made" });
  expect(await codeOf(namespaces.get({ name: "made" }))).toBe(Code.NotFound);
  none.close();
  other.close();
});

test("another user is refused, not ignored", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.container("c1", ["true"], { user: { uid: 65_534, gid: 0 } });
  expect(await codeOf(runtime.tasks.create({ containerId: "c1" }))).toBe(Code.InvalidArgument);
  const own = { user: { uid: 0, gid: 0 } };
  await runtime.task("c2", ["true"], undefined, own);
});
