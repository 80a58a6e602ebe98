import { expect, test } from "bun:test";
import { ByteBuffer } from "../../src/index.ts";

const mebibyte = 1024 * 1024;

test("the memory of a large chunk is let go, that of usual ones is kept", () => {
  const buffer = new ByteBuffer();
  buffer.append(new Uint8Array(mebibyte));
  buffer.clear();
  expect(buffer.reserve(1).length).toBe(mebibyte);
  buffer.append(new Uint8Array(8 * mebibyte));
  const { bytes } = buffer;
  buffer.clear();
  expect(bytes.length).toBe(8 * mebibyte);
  expect(buffer.reserve(1).length).toBe(64 * 1024);
});

test("memory that was asked for is kept", () => {
  const buffer = new ByteBuffer(2 * mebibyte);
  buffer.append(Buffer.from("some"));
  buffer.clear();
  expect(buffer.reserve(1).length).toBe(2 * mebibyte);
});
