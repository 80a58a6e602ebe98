import { newFIFOSetInDir, openFifo } from "@taskio/fifo";
import { WriteEnd } from "@taskio/fifo/reactor";
import { until } from "@taskio/test-support";
import { expect } from "bun:test";
import { History } from "../../src/server/history.ts";
import { View } from "../../src/server/view.ts";
import { hubTest } from "../support/hub-test.ts";
import { withoutFds } from "../support/without-fds.ts";

/** A view of a mebibyte, which no FIFO takes at once, and what it has told. */
function viewTo(path: string): { view: View; told: string[] } {
  const history = new History();
  history.append(new Uint8Array(1 << 20));
  const told: string[] = [];
  const view = new View(history, 0, new WriteEnd(path), {
    missed() {},
    end() {},
    failed: ({ code }) => void told.push(code),
    moved: () => void told.push("moved"),
  });
  view.flush();
  return { view, told };
}

hubTest("a viewer whose FIFO fails while it is waited for is told why, once", async (folder) => {
  await using fifos = await newFIFOSetInDir(folder, "viewer", false);
  const { view, told } = viewTo(fifos.config.stdout);
  {
    using _ = withoutFds();
    await until(() => view.isClosed);
  }
  view.flush();
  await using _reader = await openFifo(fifos.config.stdout, { read: true, nonblock: true });
  await Bun.sleep(50); // it no longer looks for one
  expect(told).toEqual(["UNAVAILABLE", "moved"]);
});

hubTest(
  "a viewer has left when nobody reads its FIFO any more, and is told nothing",
  async (folder) => {
    await using fifos = await newFIFOSetInDir(folder, "viewer", false);
    const { view, told } = viewTo(fifos.config.stdout);
    const reader = await openFifo(fifos.config.stdout, { read: true, nonblock: true });
    await until(() => view.offset > 0);
    expect(view.isClosed).toBe(false);
    told.length = 0; // it may have been waited for in several pieces
    await reader.close();
    await until(() => view.isClosed);
    view.flush();
    expect(told).toEqual(["moved"]);
  },
);
