import { expect, test } from "bun:test";
import type { ContainerdEvent, EventStream } from "../../src/index.ts";
import { rejection } from "@taskio/test-support";
import { describeWithContainerd, type Setup } from "../support/with-containerd.ts";

const spec = { ociVersion: "1.0.2", process: { args: ["true"], cwd: "/" } };

async function next(events: EventStream): Promise<ContainerdEvent> {
  return (await events.next()).value!;
}

/** Makes a container and deletes it again, which is two events. */
async function touch({ client }: Setup, id: string): Promise<void> {
  await client.containers.create({ id, spec });
  await client.containers.delete(id);
}

async function expectTouch(events: EventStream, id: string): Promise<void> {
  for (const type of ["ContainerCreate", "ContainerDelete"]) {
    expect(await next(events)).toMatchObject({ type, data: { id } });
  }
}

describeWithContainerd("events of containerd", (setup) => {
  const filters = ['topic~="^/containers/"'];

  test.each(["kill", "terminate"] as const)(
    "go on after a restart of the daemon (%s), with a gap that is told",
    async (end) => {
      await using events = setup.client.events({ filters });
      await events.subscribed();
      await touch(setup, "before");
      await expectTouch(events, "before");
      const start = Date.now();
      await setup.daemon[end]();
      const pending = next(events);
      await Bun.sleep(300); // the first attempts find nobody
      await setup.daemon.start();
      await touch(setup, "meanwhile"); // which may be heard, or not
      const gap = await pending;
      if (gap.type !== "gap") throw new Error(`no gap but ${gap.type}`);
      expect(gap).toMatchObject({ topic: "", namespace: setup.client.namespace });
      expect(gap.data.error.code).toBe("UNAVAILABLE");
      expect(gap.data.since.getTime()).toBeGreaterThanOrEqual(start);
      expect(gap.timestamp!.getTime()).toBeGreaterThanOrEqual(gap.data.since.getTime());
      await touch(setup, "after"); // from the gap on nothing is missed
      let event = await next(events);
      while (event.type !== "ContainerCreate" || event.data.id !== "after") {
        expect(event.data).toMatchObject({ id: "meanwhile" });
        event = await next(events);
      }
      expect(await next(events)).toMatchObject({ type: "ContainerDelete", data: { id: "after" } });
    },
  );

  test("end with the connection where that is wanted", async () => {
    const events = setup.client.events({ filters, resume: false });
    await events.subscribed();
    await setup.daemon.kill();
    expect(await rejection(events.next())).toMatchObject({ code: "UNAVAILABLE" });
    expect(await events.next()).toMatchObject({ done: true });
    await setup.daemon.start();
  });

  test("can be left, aborted and closed while there is no daemon", async () => {
    const reason = new Error("enough");
    const abort = new AbortController();
    const other = await setup.connect();
    const left = setup.client.events();
    const aborted = setup.client.events({ signal: abort.signal });
    const closed = other.events();
    for (const stream of [left, aborted, closed]) await stream.subscribed();
    await setup.daemon.kill();
    const nexts = [left.next(), aborted.next(), closed.next()] as const;
    for (const next of nexts) next.catch(() => {});
    await Bun.sleep(300);
    await left.return();
    abort.abort(reason);
    await other[Symbol.asyncDispose]();
    expect(await nexts[0]).toMatchObject({ done: true });
    expect(await rejection(nexts[1])).toBe(reason);
    expect(await rejection(nexts[2])).toMatchObject({ code: "CLOSED" });
    await setup.daemon.start();
  });
});
