import { expect, test } from "bun:test";
import { withTerminal } from "@taskio/core";
import type { Task } from "../../src/index.ts";
import { rejection } from "@taskio/test-support";
import { command } from "../support/spec.ts";
import { TextSink } from "../support/text-sink.ts";
import { describeWithContainerd } from "../support/with-containerd.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const lines = (text: string) => text.trimEnd().split("\r\n");

describeWithContainerd("a terminal of containerd", (setup) => {
  async function newTask(script: string, out: TextSink, stdin?: Uint8Array): Promise<Task> {
    const id = await setup.newContainer(["sh", "-c", script], true);
    const creator = setup.streams(stdin, out.sink, undefined, withTerminal);
    return setup.client.createTask(id, { creator });
  }

  test("has its size from the start (n PR#2182), and every later one", async () => {
    const out = new TextSink();
    const script = "trap 'stty size; exit 5' WINCH; stty size; while :; do sleep 0.05; done";
    await using task = await newTask(script, out);
    await task.resize({ columns: 101, rows: 33 });
    await task.start();
    await out.until("33 101\r\n");
    await task.resize({ columns: 80, rows: 24 });
    expect(await task.wait()).toMatchObject({ exitCode: 5 });
    expect(await task.delete()).toMatchObject({ drained: true });
    expect(lines(out.text)).toEqual(["33 101", "24 80"]);
    expect(task.io.config.stderr).toBe("");
  });

  test("is not hung up at the end of stdin (c#4107)", async () => {
    const out = new TextSink();
    await using task = await newTask("seq 1 20000", out, new Uint8Array());
    await task.start();
    expect(await task.wait()).toMatchObject({ exitCode: 0 });
    await task.delete();
    expect(lines(out.text)).toEqual(Array.from({ length: 20_000 }, (_, i) => `${i + 1}`));
  });

  test("ends its stdin at ^D, and closeIO is refused", async () => {
    const out = new TextSink();
    await using task = await newTask("cat; echo over", out, encode("typed\n\x04"));
    await task.start();
    expect(await rejection(task.closeIO())).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await task.wait()).toMatchObject({ exitCode: 0 });
    await task.delete();
    expect(lines(out.text)).toEqual(["typed", "typed", "over"]);
  });

  test("of an exec has its size too, with or without a task that has one", async () => {
    await using task = await setup.newTask(["sleep", "1000"]);
    await task.start();
    const out = new TextSink();
    const process = { ...command(["stty", "size"], true), consoleSize: { height: 33, width: 101 } };
    const creator = setup.streams(undefined, out.sink, undefined, withTerminal);
    await using exec = await task.exec("tty", { process, creator });
    await exec.start();
    expect(await exec.wait()).toMatchObject({ exitCode: 0 });
    expect(await exec.delete()).toMatchObject({ drained: true });
    expect(out.text).toBe("33 101\r\n");
  });

  test("that only one of streams and spec have is refused", async () => {
    const id = await setup.newContainer(["true"], true);
    const creator = setup.streams(undefined, () => {});
    expect(await rejection(setup.client.createTask(id, { creator }))).toMatchObject({
      code: "INVALID_CONFIG",
    });
    const plain = await setup.newContainer(["true"]);
    const withOne = setup.streams(undefined, () => {}, undefined, withTerminal);
    const refused = setup.client.createTask(plain, { creator: withOne });
    expect(await rejection(refused)).toMatchObject({ code: "INVALID_CONFIG" });
  });
});
