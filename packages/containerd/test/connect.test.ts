import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer as createPlainServer } from "node:net";
import { createServer } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveAddress } from "../src/address.ts";
import { connect } from "../src/index.ts";
import { startFakeServer } from "./support/fake-server.ts";
import { rejection } from "@taskio/test-support";

const folder = mkdtempSync(join(tmpdir(), "taskio-connect-"));
const socket = join(folder, "socket");
const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
  rmSync(folder, { recursive: true, force: true });
});

describe("the address", () => {
  const variable = { CONTAINERD_ADDRESS: "/from/variable" };
  test.each([
    ["/given", variable, "/given"],
    ["unix:///given", {}, "/given"],
    ["unix:/given", {}, "/given"],
    [undefined, variable, "/from/variable"],
    ["", { CONTAINERD_ADDRESS: "" }, "/run/containerd/containerd.sock"],
  ])("%p with %p is %s", (given, env, path) => {
    expect(resolveAddress(given, env)).toBe(path);
  });

  test.each(["relative.sock", "tcp://127.0.0.1:1", "/a\0b", "127.0.0.1:1"])(
    "%j is refused",
    async (address) => {
      expect(await rejection(connect({ address }))).toMatchObject({
        code: "INVALID_ARGUMENT",
        message: expect.stringContaining(JSON.stringify(address)),
      });
    },
  );

  test("longer than a socket's may be is refused", async () => {
    const address = `/tmp/${"x".repeat(200)}`;
    expect(await rejection(connect({ address }))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("connecting", () => {
  test("to a socket that is not there names it, and what to do", async () => {
    expect(await rejection(connect({ address: socket }))).toMatchObject({
      name: "TaskIOError",
      code: "NOT_FOUND",
      errno: "ENOENT",
      syscall: "connect",
      path: socket,
      message: expect.stringMatching(/"\/.*socket".*start containerd.*\$CONTAINERD_ADDRESS/),
      cause: expect.anything(),
    });
  });

  test("to a file that nobody listens at is UNAVAILABLE", async () => {
    expect(await rejection(connect({ address: import.meta.path }))).toMatchObject({
      code: "UNAVAILABLE",
      errno: "ECONNREFUSED",
      message: expect.stringContaining("nobody listens there"),
    });
  });

  const isRoot = process.geteuid?.() === 0;
  test.skipIf(!isRoot)("without the permission says so", async () => {
    await using server = await startFakeServer();
    const script = `
      const { openClient } = await import("${import.meta.dir}/../src/open-client.ts");
      process.seteuid(65534);
      openClient({ address: "${server.address}", namespace: "default", timeout: 10_000 }).catch((error) =>
        console.log(error.code, error.errno, error.message));`;
    await Bun.$`chmod 600 ${server.address}`;
    const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", cwd: "/" });
    const output = await new Response(child.stdout).text();
    expect(output).toMatch(/^PERMISSION EACCES .*run as root or in the socket's group/);
  });

  test("to a server of HTTP/1 says that it is one of another kind", async () => {
    const server = Bun.serve({ unix: await fresh(), fetch: () => new Response("hello") });
    cleanup.push(() => server.stop(true));
    expect(await rejection(connect({ address: socket }))).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining(`the server at "${socket}" does not speak gRPC`),
    });
  });

  test("to a server of HTTP/2 that knows no gRPC fails at the first call", async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>(async (resolve) => server.listen(await fresh(), resolve));
    cleanup.push(() => server.close());
    await using client = await connect({ address: socket });
    expect(await rejection(client.version())).toMatchObject({ code: "UNSUPPORTED" });
  });

  describe("to a server that says nothing", () => {
    beforeEach(async () => {
      const server = createPlainServer(() => {});
      await new Promise<void>(async (resolve) => server.listen(await fresh(), resolve));
      cleanup.push(() => server.close());
    });

    test("ends after the timeout, and names it", async () => {
      const begin = performance.now();
      expect(await rejection(connect({ address: socket, timeout: 200 }))).toMatchObject({
        code: "UNAVAILABLE",
        path: socket,
        message: expect.stringContaining(
          `the server at "${socket}" accepts connections but does not answer`,
        ),
      });
      expect(performance.now() - begin).toBeLessThan(5_000);
    });

    test("is ended by the signal", async () => {
      const signal = AbortSignal.timeout(50);
      expect(await rejection(connect({ address: socket, signal }))).toBe(signal.reason);
    });
  });

  test("to a server that hangs up says that it went away", async () => {
    const server = createPlainServer((connection) => connection.end());
    await new Promise<void>(async (resolve) => server.listen(await fresh(), resolve));
    cleanup.push(() => server.close());
    expect(await rejection(connect({ address: socket }))).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining(`the server at "${socket}" went away`),
    });
  });

  test.each([0, -1, NaN, Infinity, 2 ** 31])("with a timeout of %p is refused", async (timeout) => {
    expect(await rejection(connect({ address: socket, timeout }))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(`${timeout}`),
    });
  });

  test("with an aborted signal does nothing", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    expect(await rejection(connect({ address: socket, signal }))).toBe(reason);
  });

  test("with a namespace that is none is refused", async () => {
    expect(await rejection(connect({ address: socket, namespace: "a b" }))).toMatchObject({
      code: "INVALID_ID",
    });
  });
});

describe("a client", () => {
  test("says its namespace with every call", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect({ namespace: "other" });
    expect(await client.version()).toEqual({ version: "1.0", revision: "r" });
    await client.containers.get("web");
    expect([...server.namespaces]).toEqual(["other"]);
  });

  test("tells services that the server hasn't", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    expect(await rejection(client.introspection.server())).toMatchObject({ code: "UNSUPPORTED" });
  });

  test("leaves no fd behind", async () => {
    await using server = await startFakeServer();
    await server.connect().then((client) => client[Symbol.asyncDispose]());
    const before = openFds();
    for (let i = 0; i < 20; i++) {
      await using client = await server.connect();
      await client.version();
    }
    for (let i = 0; i < 100 && openFds() > before; i++) await Bun.sleep(20);
    expect(openFds()).toBeLessThanOrEqual(before);
  });
});

test("importing the package loads no gRPC", async () => {
  const script = `
    await import("${import.meta.dir}/../src/index.ts");
    console.log(Object.keys(require.cache).filter((path) => /bufbuild|connectrpc/.test(path)).length)`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toBe("0\n");
});

async function fresh(): Promise<string> {
  await Bun.write(join(folder, "x"), "");
  rmSync(socket, { force: true });
  return socket;
}

function openFds(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}
