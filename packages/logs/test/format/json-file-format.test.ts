import { expect, test } from "bun:test";
import fc from "fast-check";
import { jsonFileFormat } from "../../src/index.ts";
import { anyBytes, anyText, chunked } from "./support/arbitraries.ts";
import { dataOf, decode, encode, linesOf, someTime } from "./support/encode.ts";

const time = "2026-08-01T10:00:00.12Z";
const decodeText = (line: string) => {
  const record = jsonFileFormat.decode(Buffer.from(line));
  return record && { ...record, data: String(record.data) };
};
/** What is between the quotes of `log`. */
const logs = (...chunks: (Uint8Array | string)[]) =>
  linesOf(encode(jsonFileFormat, chunks)).map(
    (line) => /^{"log":"(.*)","stream"/.exec(String(line))![1],
  );

test("keys are in docker's order, and the time is UTC without its last zeros", () => {
  const file = encode(jsonFileFormat, ["one\ntwo"], { stream: "stderr" });
  expect(String(file)).toBe(
    `{"log":"one\\n","stream":"stderr","time":"${time}"}\n` +
      `{"log":"two","stream":"stderr","time":"${time}"}\n`,
  );
});

test("what docker escapes is escaped, and nothing else", () => {
  const ascii = String.fromCharCode(...Array(0x80).keys()).replace("\n", "");
  const escaped = [...ascii].map((character) => {
    if (character === '"' || character === "\\") return `\\${character}`;
    if (character === "\r") return "\\r";
    if (character >= " " && !"<>&".includes(character)) return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  expect(logs(`${ascii}\n`)).toEqual([`${escaped.join("")}\\n`]);
  expect(logs("\u2027\u2028\u2029\u202a é 日 😀 \ufffd\n")).toEqual([
    "\u2027\\u2028\\u2029\u202a é 日 😀 \ufffd\\n",
  ]);
});

test("each byte that is no UTF-8 is U+FFFD, as in Go, and its neighbours stay", () => {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const one = "\\ufffd";
  expect(logs(bytes("a", [0xff], "b\n"))).toEqual([`a${one}b\\n`]);
  expect(logs(bytes("é", [0xe2, 0x82], "日<\n"))).toEqual([`é${one}${one}日\\u003c\\n`]);
  expect(logs(bytes([0xed, 0xa0, 0x80], "\n"))).toEqual([`${one.repeat(3)}\\n`]);
  expect(logs(bytes([0xc0, 0x80, 0xf4, 0x90, 0x80, 0x80], "\n"))).toEqual([`${one.repeat(6)}\\n`]);
  expect(logs(bytes([0xf0, 0x8f, 0xbf, 0xbf, 0xe0, 0x9f, 0xbf], "\n"))).toEqual([
    `${one.repeat(7)}\\n`,
  ]);
  expect(logs(bytes([0xf5, 0x80, 0x80, 0x80], "\n"))).toEqual([`${one.repeat(4)}\\n`]);
  expect(logs(bytes("x", [0xe2, 0x80]))).toEqual(["x", one + one]);
  expect(logs(bytes("\u2028", [0xff], "\u2029\ufffd\n"))).toEqual([
    `\\u2028${one}\\u2029\ufffd\\n`,
  ]);
});

test("a character cut by chunks is kept back until it is whole", () => {
  const smile = Buffer.from("😀");
  expect(logs("a", smile.subarray(0, 1), smile.subarray(1, 3), smile.subarray(3), "\n")).toEqual([
    "a",
    "😀",
    "\\n",
  ]);
  expect(logs(smile.subarray(0, 3), "b")).toEqual(["\\ufffd\\ufffd\\ufffdb"]);
});

test("the same text comes back from any chunks, in records of at most 16 KiB", () => {
  const chunks = chunked(anyText.map((text) => Buffer.from(text)));
  fc.assert(
    fc.property(chunks, fc.constantFrom("stdout", "stderr"), (given, stream) => {
      const records = decode(jsonFileFormat, encode(jsonFileFormat, given, { stream }));
      expect(dataOf(records).equals(Buffer.concat(given))).toBe(true);
      for (const record of records) {
        expect(record).toMatchObject({ stream, time: BigInt(someTime) * 1_000_000n });
        expect(record.data.length).toBeGreaterThan(0);
        expect(record.data.length).toBeLessThanOrEqual(16_384);
        expect([-1, record.data.length - 1]).toContain(record.data.indexOf(0x0a));
      }
    }),
  );
});

test("any bytes come back with U+FFFD for each that is no UTF-8, whatever the chunks", () => {
  fc.assert(
    fc.property(chunked(anyBytes), (chunks) => {
      const data = dataOf(decode(jsonFileFormat, encode(jsonFileFormat, chunks)));
      expect(
        data.equals(
          dataOf(decode(jsonFileFormat, encode(jsonFileFormat, [Buffer.concat(chunks)]))),
        ),
      ).toBe(true);
      const text = (bytes: Buffer) => bytes.toString("utf8").replace(/\ufffd+/g, "\ufffd");
      expect(text(data)).toBe(text(Buffer.concat(chunks)));
    }),
  );
});

test("long lines are cut between characters", () => {
  const sizes = (line: string) =>
    decode(jsonFileFormat, encode(jsonFileFormat, [line])).map(({ data }) => data.length);
  expect(sizes(`${"x".repeat(16_383)}\n`)).toEqual([16_384]);
  expect(sizes(`${"x".repeat(16_384)}\n`)).toEqual([16_384, 1]);
  expect(sizes("日".repeat(10_000))).toEqual([16_383, 13_617]);
  expect(sizes(`x${"😀".repeat(8_000)}\n`)).toEqual([16_381, 15_621]);
});

test("part of a record is none", () => {
  fc.assert(
    fc.property(anyText, fc.nat(), (text, seed) => {
      for (const line of linesOf(encode(jsonFileFormat, [text]))) {
        const torn = line.subarray(0, seed % (line.length - 1));
        expect(jsonFileFormat.decode(Buffer.concat([torn, Buffer.from("\n")]))).toBeUndefined();
        expect(jsonFileFormat.decode(torn)).toBeUndefined();
      }
    }),
  );
  const [line] = linesOf(encode(jsonFileFormat, ['{"log":"x"}\\\n']));
  for (let cut = 0; cut < line!.length - 1; cut++) {
    const torn = Buffer.concat([line!.subarray(0, cut), Buffer.from("\n")]);
    expect(jsonFileFormat.decode(torn)).toBeUndefined();
  }
});

test("records of docker and nerdctl", () => {
  const ns = BigInt(someTime) * 1_000_000n;
  const attrs = `{"log":"a\\u0009b\\n","stream":"stdout","attrs":{"tag":"web","n":"1"},"time":"${time}"}\n`;
  expect(decodeText(attrs)).toEqual({ stream: "stdout", time: ns, data: "a\tb\n" });
  const reordered = `{"time":"2026-08-01T12:00:00.120000009+02:00", "stream":"stderr","log":"\\ud83d\\ude00\\/"}\n`;
  expect(decodeText(reordered)).toEqual({ stream: "stderr", time: ns + 9n, data: "😀/" });
  expect(decodeText(`{"stream":"stdout","time":"${time}"}\n`)?.data).toBe("");
  expect(decodeText(`{"log":"\\ud800","stream":"stdout","time":"${time}"}\n`)?.data).toBe("\ufffd");
});

test.each([
  "",
  "\n",
  "null\n",
  "[]\n",
  "{}\n",
  `{"log":"x","stream":"stdout","time":"${time}"}`,
  `{"log":"x","stream":"stdin","time":"${time}"}\n`,
  `{"log":"x","time":"${time}"}\n`,
  `{"log":1,"stream":"stdout","time":"${time}"}\n`,
  `{"log":null,"stream":"stdout","time":"${time}"}\n`,
  `{"log":"x","stream":"stdout"}\n`,
  `{"log":"x","stream":"stdout","time":"yesterday"}\n`,
  `{"log":"x","stream":"stdout","time":1785578400}\n`,
  `{"log":"x","stream":"stdout","time":"${time}"}{"log":"y"}\n`,
  `{"level":"info","msg":"x","time":"${time}"}\n`,
  `\0\0{"log":"x","stream":"stdout","time":"${time}"}\n`,
  `${time} stdout F {"log":"x"}\n`,
])("no record: %j", (line) => expect(jsonFileFormat.decode(Buffer.from(line))).toBeUndefined());

test("no bytes make it throw", () => {
  const values = fc.record({ log: fc.json(), stream: fc.json(), time: fc.json() });
  const near = values.map(({ log, stream, time: at }) =>
    Buffer.from(`{"log":${log},"stream":${stream},"time":${at}}\n`),
  );
  fc.assert(fc.property(fc.oneof(anyBytes, near), (line) => void jsonFileFormat.decode(line)));
});
