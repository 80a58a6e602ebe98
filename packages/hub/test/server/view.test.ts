import { TaskIOError } from "@taskio/core";
import { expect, test } from "bun:test";
import { History } from "../../src/server/history.ts";
import { View } from "../../src/server/view.ts";

const cases = [
  ["is told why", new TaskIOError("UNAVAILABLE", "too many open files"), ["UNAVAILABLE"]],
  ["has left when nobody reads it", new TaskIOError("PEER_GONE", "nobody reads"), []],
] as const;

for (const [what, error, expected] of cases) {
  test(`a viewer whose FIFO fails while it is waited for ${what}, once`, async () => {
    const history = new History();
    history.append(Buffer.from("hello"));
    const told: string[] = [];
    let waits = 0;
    const fifo = {
      write: () => 0,
      writable: () => (waits++, Promise.reject(error)),
      close: () => void told.push("closed"),
    };
    const view = new View(history, 0, fifo, {
      missed() {},
      end() {},
      failed: ({ code }) => void told.push(code),
      moved: () => void told.push("moved"),
    });
    view.flush();
    await Bun.sleep(10);
    view.flush();
    expect(told).toEqual([...expected, "closed", "moved"]);
    expect([waits, view.isClosed]).toEqual([1, true]);
  });
}
