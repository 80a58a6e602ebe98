import { newFIFOSetInDir } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { openFifoPeer } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hubSocket, newHub, newHubAttach, withHub } from "../src/index.ts";
import { startChild } from "./support/child.ts";
import { hubTest } from "./support/hub-test.ts";
import { openViewer } from "./support/open-viewer.ts";
import { refusal } from "./support/refusal.ts";

/** The lines that a hub answers when it is sent a text, once it has closed the socket or said `count`. */
async function answers(
  path: string,
  text: string,
  count = Infinity,
): Promise<{ type: string; error?: { code: string } }[]> {
  let answer = "";
  let closed = false;
  const socket = await Bun.connect({
    unix: path,
    socket: { data: (_, bytes) => void (answer += bytes), close: () => void (closed = true) },
  });
  socket.write(text);
  const lines = () => answer.split("\n").slice(0, -1);
  await until(() => closed || lines().length >= count);
  socket.terminate();
  return lines().map((line) => JSON.parse(line));
}

const attach = (fields: object) => `${JSON.stringify({ type: "attach", version: 1, ...fields })}\n`;

describe("a hub refuses", () => {
  const cases: Record<string, [text: string, code: string]> = {
    "what is no JSON": ["hello\n", "INVALID_ARGUMENT"],
    "what is no message": ["[]\n", "INVALID_ARGUMENT"],
    "a message that comes before attach": ['{"type":"end"}\n', "INVALID_ARGUMENT"],
    "another version": [attach({ version: 2 }), "UNSUPPORTED"],
    "an attach without a version": ['{"type":"attach"}\n', "INVALID_ARGUMENT"],
    "a second attach": [attach({}).repeat(2), "INVALID_ARGUMENT"],
    "a path that is not absolute": [attach({ stdout: { path: "x" } }), "INVALID_ARGUMENT"],
    "a path that is no FIFO": [attach({ stdout: { path: import.meta.path } }), "NOT_FIFO"],
    "a path that does not exist": [attach({ stdin: { path: "/nowhere/x" } }), "NOT_FOUND"],
    "a replay that is no size": [
      attach({ stdout: { path: "/x", replay: -1 } }),
      "INVALID_ARGUMENT",
    ],
  };

  for (const [what, [text, code]] of Object.entries(cases)) {
    hubTest(what, async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      await using hub = await newHub(fifos);
      const refusal = (await answers(hub.socket, text)).at(-1);
      expect([refusal?.type, refusal?.error?.code]).toEqual(["refused", code]);
      await until(() => hub.viewers === 0);
    });
  }

  hubTest("a line that never ends", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos);
    expect(await answers(hub.socket, "x".repeat(200_000))).toEqual([]);
  });
});

describe("a hub", () => {
  hubTest(
    "looks at a message when its line is complete, and not at one that it does not know",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      await using hub = await newHub(fifos);
      const text = `{"type":"later","x":[1]}\n${attach({ more: "fields" })}{"type":"later"}\n`;
      expect(await answers(hub.socket, text, 1)).toEqual([
        { type: "attached", version: 1 } as never,
      ]);
      await until(() => hub.viewers === 0);
    },
  );

  hubTest(
    "gives stdin to the next one after a viewer that never opened its FIFO",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      await using own = await newFIFOSetInDir(folder, "viewer", false);
      await using hub = await newHub(fifos, { onStdinEnd: () => peer.closeIO() });
      const peer = openFifoPeer(fifos.config);
      const text = attach({ stdin: { path: own.config.stdin } });
      expect((await answers(hub.socket, text, 1)).at(-1)?.type).toBe("attached");
      await until(() => hub.viewers === 0);
      await using next = await openViewer(fifos.config, { stdin: Buffer.from("hello") });
      expect((await next.io.stdinDone)?.end).toBe("eof");
      expect(await new Response(peer.readStdin()).text()).toBe("hello");
      peer.exit();
    },
  );

  hubTest("serves others while one sends nothing, or half a line", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos);
    const silent = await Bun.connect({ unix: hub.socket, socket: { data() {} } });
    silent.write('{"type":');
    await using one = await openViewer(fifos.config);
    expect(hub.viewers).toBe(1);
    silent.terminate();
    const peer = openFifoPeer(fifos.config);
    await peer.write("stdout", Buffer.from("hello"));
    peer.exit();
    await one.io.wait();
    expect(one.text()).toBe("hello");
  });
});

describe("a viewer", () => {
  hubTest("is told where no hub is", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const error = await refusal(openViewer(fifos.config));
    expect([error.code, error.message.includes("-hub.sock")]).toEqual(["NOT_FOUND", true]);
    await fifos.close();
  });

  hubTest("gives up with its signal on a hub that does not answer", async (folder) => {
    const socket = join(folder, "hub.sock");
    const mute = Bun.listen({ unix: socket, socket: { data() {} } });
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const reason = new Error("no longer wanted");
    const controller = new AbortController();
    const attaching = newHubAttach(withHub({ socket }))(fifos, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    expect(await refusal(attaching)).toBe(reason as never);
    mute.stop(true);
    await fifos.close();
  });

  hubTest("gives up on a hub whose process is stopped", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = join(folder, "log");
    await using hub = await startChild("hub-process.ts", fifos.config, log);
    process.kill(hub.pid, "SIGSTOP");
    const error = await refusal(openViewer(fifos.config));
    const said = error.message.includes(`the hub at "${hubSocket(fifos.config)}" has not answered`);
    expect([error.code, said]).toEqual(["ENGINE_FAILED", true]);
    expect(readdirSync(folder).length).toBe(2); // the task's FIFOs and the log, none of the viewer's
    await hub.kill();
    rmSync(log);
    await fifos.close();
  });

  hubTest("leaves what speaks something else", async (folder) => {
    const socket = join(folder, "hub.sock");
    const other = Bun.listen({
      unix: socket,
      socket: { data: (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
    });
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const error = await refusal(openViewer(fifos.config, { socket }));
    expect(error.code).toBe("ENGINE_FAILED");
    other.stop(true);
    await fifos.close();
  });
});
