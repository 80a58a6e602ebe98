import { describe, expect, test } from "bun:test";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { connect, type ContainerdEvent } from "../src/index.ts";
import { Events, packAny, TaskExitSchema, TaskOOMSchema } from "../src/proto.ts";
import { startFakeServer } from "./support/fake-server.ts";
import { rejection } from "@taskio/test-support";
import { ServerProcess } from "./support/server-process.ts";

const timestamp = timestampFromDate(new Date("2026-01-02T03:04:05Z"));
const exit = { containerId: "web", id: "e1", pid: 7, exitStatus: 3 };

/** A server with three events, which then waits to be left. */
function startWithEvents() {
  const filters: string[][] = [];
  const left = Promise.withResolvers<void>();
  const starting = startFakeServer({
    services: (router) =>
      router.service(Events, {
        async *subscribe(request, { signal }) {
          filters.push(request.filters);
          const head = { namespace: "default", timestamp };
          yield { ...head, topic: "/tasks/exit", event: packAny(TaskExitSchema, exit) };
          yield {
            ...head,
            topic: "/tasks/oom",
            event: packAny(TaskOOMSchema, { containerId: "x" }),
          };
          yield {
            ...head,
            topic: "/images/create",
            event: { typeUrl: "containerd.events.ImageCreate" },
          };
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          left.resolve();
        },
      }),
  });
  return starting.then((server) => ({ server, filters, left: left.promise }));
}

describe("events", () => {
  test("come typed, in order, and leaving the loop ends the call", async () => {
    const { server, left } = await startWithEvents();
    await using client = await server.connect();
    const seen: ContainerdEvent[] = [];
    for await (const event of client.events()) {
      seen.push(event);
      if (event.type === "TaskExit") expect(event.data.exitStatus).toBe(3);
      if (seen.length === 3) break;
    }
    expect(seen.map(({ type, topic }) => [type, topic])).toEqual([
      ["TaskExit", "/tasks/exit"],
      ["TaskOOM", "/tasks/oom"],
      ["other", "/images/create"],
    ]);
    expect(seen[0]).toMatchObject({
      namespace: "default",
      timestamp: new Date("2026-01-02T03:04:05Z"),
      data: exit,
    });
    await left;
    await server[Symbol.asyncDispose]();
  });

  test("are of the client's namespace, or as the filters say", async () => {
    const { server, filters } = await startWithEvents();
    await using client = await server.connect({ namespace: "mine" });
    await using all = client.events();
    await using some = client.events({ filters: ["topic==/tasks/oom", "namespace==a"] });
    await Promise.all([all.next(), some.next()]);
    expect(filters.sort()).toEqual([["namespace==mine"], ["topic==/tasks/oom", "namespace==a"]]);
    await server[Symbol.asyncDispose]();
  });

  test("are asked for before the first next", async () => {
    const { server, filters } = await startWithEvents();
    await using client = await server.connect();
    await using events = client.events();
    await events.subscribed();
    expect(filters).toHaveLength(1);
    expect((await events.next()).value?.type).toBe("TaskExit");
    await server[Symbol.asyncDispose]();
  });

  test("end with a signal's reason, or with the client", async () => {
    const { server } = await startWithEvents();
    const client = await server.connect();
    const abort = new AbortController();
    const reason = new Error("enough");
    const events = client.events({ signal: abort.signal });
    for (let i = 0; i < 3; i++) await events.next();
    const next = events.next();
    abort.abort(reason);
    expect(await rejection(next)).toBe(reason);

    const others = client.events();
    for (let i = 0; i < 3; i++) await others.next();
    const last = others.next();
    await client[Symbol.asyncDispose]();
    expect(await rejection(last)).toMatchObject({ code: "CLOSED" });
    expect(await others.return()).toEqual({ done: true, value: undefined });
    expect(await others.next()).toEqual({ done: true, value: undefined });
    await server[Symbol.asyncDispose]();
  });

  test("left before anything came end a pending next", async () => {
    await using server = await startFakeServer({
      services: (router) =>
        router.service(Events, {
          async *subscribe(_, { signal }) {
            await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          },
        }),
    });
    await using client = await server.connect();
    const events = client.events();
    const next = events.next();
    await Bun.sleep(20);
    await events.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("go on with another server at the address, after a gap", async () => {
    await using server = new ServerProcess();
    await server.start();
    await using client = await connect({ address: server.address, namespace: "mine" });
    await using events = client.events();
    await using strict = client.events({ resume: false });
    await Promise.all([events.subscribed(), strict.subscribed()]);
    for (let i = 0; i < 2; i++) {
      const next = events.next();
      const error = i === 0 ? rejection(strict.next()) : undefined;
      await server.kill();
      if (error) expect(await error).toMatchObject({ code: "UNAVAILABLE" });
      await server.start();
      const { value } = await next;
      expect(value).toMatchObject({ type: "gap", topic: "", namespace: "mine" });
      expect(value?.data).toMatchObject({ error: { code: "UNAVAILABLE" } });
    }
  });
});
