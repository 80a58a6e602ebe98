import { Code, ConnectError } from "@connectrpc/connect";
import { newMemoryIO, withStreams } from "@taskio/core";
import { type FakeOptions, startFakeServer } from "./fake-server.ts";

/** What a process reads in these tests. */
export const bytes: Uint8Array = new TextEncoder().encode("12345");

/** Lets what was set off run its course. */
export const settle = (): Promise<void> => Bun.sleep(50);

/** Answers a call with an error. */
export function refuse(code = Code.Unknown): never {
  throw new ConnectError("no such command", code);
}

/** A fake server, a client, and streams in memory. */
export async function setUp(options?: FakeOptions) {
  const server = await startFakeServer(options);
  const client = await server.connect();
  const memory = newMemoryIO();
  return {
    server,
    client,
    memory,
    creator: memory.newCreator(withStreams(bytes, () => {})),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
