import { TaskIOError } from "@taskio/core";
import { tempFolder, thrown } from "@taskio/test-support";
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import {
  ByteBuffer,
  criFormat,
  jsonFileFormat,
  logFormat,
  type LogFormat,
  type LogRecord,
  type LogStream,
  openLogWriter,
  rawFormat,
  readLogs,
  type RecordEncoder,
} from "../../src/index.ts";
import { dataOf, decode, someTime } from "./support/encode.ts";

test("a format is found by its name", () => {
  for (const format of [criFormat, jsonFileFormat, rawFormat]) {
    expect(logFormat(format.name)).toBe(format);
  }
});

test.each(["", "CRI", "json", "__proto__"])("%j is refused, and the names are told", (name) => {
  const error = thrown(() => logFormat(name)) as TaskIOError;
  expect(error).toBeInstanceOf(TaskIOError);
  expect(error.code).toBe("INVALID_ARGUMENT");
  expect(error.message).toBe(
    `unknown log format ${JSON.stringify(name)}: use one of "cri", "json-file", "raw"`,
  );
});

test.each([criFormat, jsonFileFormat])(
  "$name: a new time is written from its chunk on",
  (format) => {
    const encoder = format.newEncoder("stdout");
    const out = new ByteBuffer();
    const times = [someTime, someTime, someTime + 1, someTime - 120];
    for (const time of times) encoder.encode(Buffer.from("x\n"), time, out);
    const read = decode(format, out.bytes).map((record) => Number(record.time! / 1_000_000n));
    expect(read).toEqual(times);
  },
);

test.each([criFormat, jsonFileFormat, rawFormat])(
  "$name: a chunk's memory may be used again",
  (format) => {
    const encoder = format.newEncoder("stdout");
    const out = new ByteBuffer();
    const chunk = Buffer.alloc(1);
    for (const byte of Buffer.from("a😀b\n")) {
      chunk[0] = byte;
      encoder.encode(chunk, someTime, out);
    }
    encoder.end(someTime, out);
    expect(String(dataOf(decode(format, out.bytes)))).toBe("a😀b\n");
  },
);

/** Its methods need their `this`. */
class HexFormat implements LogFormat {
  readonly name = "hex";
  readonly framed = true;
  readonly #between = " ";

  newEncoder(stream: LogStream): RecordEncoder {
    const between = this.#between;
    return {
      encode(chunk, time, out) {
        const record = [stream, time, Buffer.from(chunk).toString("hex")].join(between);
        out.append(Buffer.from(`${record}\n`));
      },
      end() {},
    };
  }

  decode(line: Uint8Array): LogRecord | undefined {
    const [stream, time, hex] = Buffer.from(line).toString().trimEnd().split(this.#between);
    if ((stream !== "stdout" && stream !== "stderr") || hex === undefined) return undefined;
    return { stream, time: BigInt(time!) * 1_000_000n, data: Buffer.from(hex, "hex") };
  }
}

test("a format of one's own is written, rotated and read", async () => {
  using folder = tempFolder();
  const path = folder.file("task.log");
  const format = new HexFormat();
  {
    await using log = await openLogWriter(path, { format, maxSize: 200, maxFiles: 99 });
    for (let i = 0; i < 50; i++) log.write(i % 2 ? "stdout" : "stderr", Buffer.from(`${i}\n`));
  }
  const read: string[] = [];
  for await (const { data } of readLogs(path, { format, stream: "stdout", tail: 20 })) {
    read.push(String(data));
  }
  expect(read).toEqual(Array.from({ length: 20 }, (_, i) => `${11 + 2 * i}\n`));
  expect(existsSync(`${path}.5`)).toBe(true);
});
