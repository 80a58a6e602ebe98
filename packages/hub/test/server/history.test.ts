import { expect, test } from "bun:test";
import { History } from "../../src/server/history.ts";

const sizes = [1, 2, 100, 16_383, 16_384, 16_385, 65_535, 65_536, 200_000];

test("a history has what was appended and not forgotten, at every offset", () => {
  for (let round = 0; round < 10; round++) {
    const history = new History((chunk) => chunk.fill(255)); // read into again
    let all = Buffer.alloc(0);
    for (let step = 0; step < 20; step++) {
      const size = sizes[Math.floor(Math.random() * sizes.length)]!;
      const chunk = Buffer.alloc(size, `${round} ${step} `);
      history.append(Uint8Array.from(chunk));
      all = Buffer.concat([all, chunk]);
      const kept = all.length - history.start;
      const forgotten = [0, 1, size, kept - 1, Math.floor(Math.random() * kept)][step % 5]!;
      history.trim(history.start + forgotten);
      expect(history.end).toBe(all.length);
      expect(readFrom(history, history.start).equals(all.subarray(history.start))).toBe(true);
    }
  }
});

test("a history gives back large chunks once they are forgotten, and never what it gathers in", () => {
  const given: Uint8Array[] = [];
  const history = new History((chunk) => given.push(chunk));
  const large = [new Uint8Array(16_384), new Uint8Array(65_536)];
  history.append(large[0]!);
  for (let i = 0; i < 1000; i++) history.append(new Uint8Array(1000));
  history.append(large[1]!);
  history.trim(16_383);
  expect(given).toEqual([]);
  history.trim(history.end);
  expect(given.map((chunk, at) => chunk === large[at])).toEqual([true, true]);
});

test("a history gathers small chunks in few pieces", () => {
  const history = new History();
  for (let i = 0; i < 1 << 18; i++) history.append(Uint8Array.of(i));
  const pieces = piecesFrom(history, 1000);
  expect(pieces.length).toBeLessThanOrEqual(4);
  expect(pieces[0]![0]).toBe(1000 & 255);
});

function piecesFrom(history: History, offset: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = offset; at < history.end; at += pieces.at(-1)!.length) pieces.push(history.at(at));
  return pieces;
}

function readFrom(history: History, offset: number): Buffer {
  return Buffer.concat(piecesFrom(history, offset));
}
