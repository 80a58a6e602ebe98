import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { createServer } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Http2Sessions } from "../src/http2-sessions.ts";

test("requests that find their session over go to one other", async () => {
  const address = join(tmpdir(), `taskio-sessions-${crypto.randomUUID()}`);
  const server = createServer((_, response) => response.end());
  let connections = 0;
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(address, resolve));
  const sessions = new Http2Sessions(address, 10_000);
  try {
    const first = await sessions.open();
    const requests = Array.from({ length: 4 }, () => sessions.request("GET", "/", {}, {}));
    first.close(); // before they get to it
    const streams = await Promise.all(requests);
    expect(new Set(streams.map((stream) => stream.session)).size).toBe(1);
    expect(connections).toBe(2);
    for (const stream of streams) stream.resume().end();
    expect(await sessions.open()).toBe(streams[0]!.session as typeof first);
  } finally {
    sessions.close();
    server.close();
    rmSync(address, { force: true });
  }
});
