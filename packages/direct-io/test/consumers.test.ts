import { newFIFOSetInDir } from "@taskio/fifo";
import { spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { Readable } from "node:stream";
import { newDirectIO } from "../src/index.ts";
import { fifoTest } from "./support/fifo-test.ts";

type Stream = ReadableStream<Uint8Array>;

/** Ways to read a stream that Bun has of its own: each must ask for a chunk before it gets one. */
const consumers: Record<string, (stream: Stream) => Promise<string>> = {
  "stream.text()": (stream) => stream.text(),
  "Response.text()": (stream) => new Response(stream).text(),
  "Response.blob()": async (stream) => (await new Response(stream).blob()).text(),
  "Bun.readableStreamToText": async (stream) => Bun.readableStreamToText(stream),
  "Bun.readableStreamToArray": async (stream) =>
    Buffer.concat(await Bun.readableStreamToArray(stream)).toString(),
  "tee()": async (stream) => {
    const [one, other] = await Promise.all(stream.tee().map((branch) => branch.text()));
    expect(one).toBe(other!);
    return one!;
  },
  "a Node stream": async (stream) =>
    Buffer.concat(await Array.fromAsync(Readable.fromWeb(stream as never))).toString(),
  "the stdin of a process": (stream) =>
    Bun.spawn(["cat"], { stdin: stream, stdout: "pipe" }).stdout.text(),
  "the body of a served response": async (stream) => {
    using server = Bun.serve({ port: 0, fetch: () => new Response(stream) });
    const response = await fetch(server.url, { keepalive: false });
    return await response.text();
  },
};

describe("a task that pauses is read to its end by", () => {
  for (const [name, consume] of Object.entries(consumers)) {
    fifoTest(name, async (folder) => {
      await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
      const pauses = "for i in 1 2 3; do sleep 0.02; echo $i; done";
      await using _task = spawnTask(io.config, ["sh", "-c", pauses]);
      expect(await consume(io.stdout!)).toBe("1\n2\n3\n");
    });
  }
});
