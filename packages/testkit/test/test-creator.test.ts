import { newMemoryIO, nullIO } from "@taskio/core";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryPeer, openFifoPeer, testCreator } from "../src/index.ts";
import { heldFifo } from "./support/held-fifo.ts";
import { pollingFifo } from "./support/polling-fifo.ts";

testCreator({
  name: "newMemoryIO",
  capabilities: {
    copies: true,
    stdin: true,
    webStreams: true,
    attach: true,
    oneReader: true,
    terminal: true,
  },
  async setUp() {
    const memory = newMemoryIO();
    return {
      newCreator: memory.newCreator,
      newAttach: memory.newAttach,
      peer: (_, id) => memoryPeer(memory.task(id)),
      async [Symbol.asyncDispose]() {},
    };
  },
});

testCreator({
  name: "nullIO",
  capabilities: {},
  async setUp() {
    return { newCreator: () => nullIO, async [Symbol.asyncDispose]() {} };
  },
});

testCreator({
  name: "FIFOs that are polled",
  capabilities: {
    copies: true,
    stdin: true,
    fds: true,
    webStreams: true,
    attach: true,
    oneReader: true,
    terminal: true,
    paths: true,
  },
  async setUp() {
    const folder = mkdtempSync(join(tmpdir(), "testkit-"));
    return {
      ...pollingFifo(folder),
      peer: (io) => openFifoPeer(io.config),
      folders: [folder],
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
    };
  },
});

testCreator({
  name: "FIFOs that the caller holds",
  capabilities: { stdin: true, attach: true, oneReader: true, heldStreams: true },
  async setUp() {
    const folder = mkdtempSync(join(tmpdir(), "testkit-"));
    return {
      ...heldFifo(folder),
      peer: (io) => openFifoPeer(io.config),
      folders: [folder],
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
    };
  },
});
