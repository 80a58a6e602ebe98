import { tempFolder } from "@taskio/test-support";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readFileSync, writeFileSync } from "node:fs";
import {
  criFormat,
  jsonFileFormat,
  type LogFormat,
  type LogRecord,
  type LogStream,
} from "../../src/index.ts";
import { GoReaders, type Reader, type Writer } from "./go-readers/go-readers.ts";
import { anyBytes, chunked } from "./support/arbitraries.ts";
import { dataOf, decode, encode, linesOf, someTime } from "./support/encode.ts";

// Log files between this package and the Go code of Kubernetes, containerd, docker and nerdctl.

const asked = process.env.TASKIO_TEST_GO === "1";
const runs = asked && Bun.which("go") !== null;
const why = asked ? "(skipped: go is not on the PATH)" : "(skipped without TASKIO_TEST_GO=1)";
const title = "with the originals' Go code";

const folder = tempFolder();
const go = new GoReaders(folder.file("go-readers"));
const file = folder.file("log");

afterAll(() => folder[Symbol.dispose]());

/** What tasks write, in chunks: some of everything, the same in each run. */
const outputs = fc.sample(chunked(anyBytes), { seed: 1, numRuns: 300 });
const everyASCII = Buffer.from(Uint8Array.from({ length: 0x80 }, (_, byte) => byte));

/** A file that tasks' outputs were written to, one after the other, at ever later times. */
function logOf(format: LogFormat): Buffer {
  const parts = outputs.map((chunks, i) => {
    const stream: LogStream = i % 3 === 0 ? "stderr" : "stdout";
    return encode(format, [everyASCII, ...chunks], { stream, time: someTime + 7 * i });
  });
  return Buffer.concat(parts);
}

const plain = (record: LogRecord | undefined) =>
  record && `${record.stream} ${record.time} ${Buffer.from(record.data).toString("latin1")}`;

/** Kubernetes tells the time of a line's first record. */
const asKubernetesTells = (records: readonly LogRecord[]) =>
  records.map((record, i) => {
    const goesOn = i > 0 && records[i - 1]!.data.length > 0 && records[i - 1]!.data.at(-1) !== 0x0a;
    return { ...record, time: goesOn ? undefined : record.time };
  });

/** Shows the first that differs: all would be megabytes. */
function expectSame(theirs: readonly LogRecord[], ours: readonly LogRecord[]): void {
  const [long, short] = theirs.length > ours.length ? [theirs, ours] : [ours, theirs];
  const at = long.findIndex((record, i) => plain(record) !== plain(short[i]));
  expect([at, plain(theirs[at])]).toEqual([at, plain(ours[at])]);
  expect(theirs).toHaveLength(ours.length);
}

describe.skipIf(!runs)(runs ? title : `${title} ${why}`, () => {
  beforeAll(async () => {
    if (runs) await go.build();
  }, 600_000); // the first build downloads modules

  describe("what we write is read by them as by us", () => {
    const pairs: [LogFormat, Reader][] = [
      [criFormat, "kubernetes"],
      [jsonFileFormat, "kubernetes"],
      [jsonFileFormat, "docker"],
      [jsonFileFormat, "nerdctl"],
    ];

    test.each(pairs.map(([format, reader]) => ({ name: format.name, format, reader })))(
      "$name by $reader",
      async ({ format, reader }) => {
        const log = logOf(format);
        writeFileSync(file, log);
        const ours = decode(format, log);
        expect(ours.length).toBeGreaterThan(1000);
        const expected = reader === "kubernetes" ? asKubernetesTells(ours) : ours;
        expectSame(await go.read(reader, file), expected);
      },
    );

    test("torn records that are none to us are none to Kubernetes", async () => {
      for (const format of [criFormat, jsonFileFormat]) {
        const [first, second] = linesOf(encode(format, ["first\n<second>\n"]));
        const torn = Array.from(second!.keys(), (cut) =>
          Buffer.concat([second!.subarray(0, cut), Buffer.from("\n")]),
        );
        const lines = [first!, ...torn, second!];
        writeFileSync(file, Buffer.concat(lines));
        const ours = lines.flatMap((line) => format.decode(line) ?? []);
        expectSame(await go.read("kubernetes", file), asKubernetesTells(ours));
      }
    });
  });

  test("docker's encoder writes the same bytes", async () => {
    const pieces = [everyASCII, ...outputs.flat()].flatMap((chunk) =>
      chunk
        .toString("latin1")
        .split("\n")
        .map((line) => Buffer.from(`${line.slice(0, 16_000)}\n`, "latin1")),
    );
    const time = BigInt(someTime) * 1_000_000n;
    const theirs = await go.encode(pieces.map((data) => ({ stream: "stderr", time, data })));
    const ours = encode(jsonFileFormat, pieces, { stream: "stderr" });
    expect(linesOf(ours).map(String)).toEqual(linesOf(theirs).map(String));
    expect(ours.equals(theirs)).toBe(true);
  });

  describe("what they write is read by us as by them", () => {
    const output = Buffer.concat([
      everyASCII,
      ...outputs.flat().map((chunk) => Buffer.from(chunk)),
    ]);
    const text = Buffer.from(output.toString("utf8"));

    const written = async (writer: Writer, given: Uint8Array, format: LogFormat) => {
      const log = folder.file(`${writer}.log`);
      await go.write(writer, log, given);
      return { log, ours: decode(format, readFileSync(log)) };
    };

    test("containerd's CRI logger", async () => {
      const { log, ours } = await written("containerd", output, criFormat);
      expectSame(await go.read("kubernetes", log), asKubernetesTells(ours));
      // containerd drops the carriage return before a newline
      const kept = Buffer.from(output.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
      expect(dataOf(ours).equals(kept)).toBe(true);
      expect(linesOf(readFileSync(log)).some((line) => line.includes(" stdout P "))).toBe(true);
    });

    test("docker's json-file driver, with attributes", async () => {
      // docker cuts longer lines within characters
      const lines = linesOf(text).filter((line) => line.length < 16_384);
      const given = Buffer.concat([...lines, Buffer.from("no newline")]);
      const { log, ours } = await written("docker", given, jsonFileFormat);
      expect(readFileSync(log, "latin1")).toContain('"attrs":{"MODE":"\\u003ctest\\u003e"}');
      expectSame(await go.read("docker", log), ours);
      expect(dataOf(ours).equals(given)).toBe(true);
    });

    test("nerdctl's json-file driver", async () => {
      const lines = linesOf(text).filter((line) => line.length < 60_000 && !line.includes("\r"));
      const given = Buffer.concat([...lines, Buffer.from("\n")]);
      const { log, ours } = await written("nerdctl", given, jsonFileFormat);
      expectSame(await go.read("nerdctl", log), ours);
      expect(dataOf(ours).equals(given)).toBe(true);
    });
  });
});
