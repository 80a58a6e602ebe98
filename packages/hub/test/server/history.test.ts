import { expect, test } from "bun:test";
import { History } from "../../src/server/history.ts";

const sizes = [1, 2, 100, 16_383, 16_384, 16_385, 65_535, 65_536, 200_000];

test("a history has what was appended and not forgotten, at every offset", () => {
  for (let round = 0; round < 10; round++) {
    const history = new History();
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
