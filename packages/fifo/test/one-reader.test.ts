import { type IO, newFIFOSet, withStreams } from "@taskio/core";
import { spawnTask } from "@taskio/testkit";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { newAttach, newFIFOSetInDir } from "../src/index.ts";
import { withoutLeaks } from "./support/leaks.ts";

// Rule 9: a stream that is being read is refused, never silently split (n#3570, n#4374).

const collect = () => {
  const pieces: Uint8Array[] = [];
  return {
    sink: (chunk: Uint8Array) => void pieces.push(chunk),
    text: () => Buffer.concat(pieces).toString(),
  };
};

test("a second attach in the same process is refused, the first is not disturbed", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const output = collect();
    await using first = await newAttach(withStreams(undefined, output.sink))(
      newFIFOSet(fifos.config),
    );
    for (const sink of [() => {}, 1] as const) {
      const second = newAttach(withStreams(undefined, sink))(newFIFOSet(fifos.config));
      await expect(second).rejects.toMatchObject({ code: "IN_USE", path: fifos.config.stdout });
      await expect(second).rejects.toThrow(`is being read by this process`);
    }
    await using task = spawnTask(fifos.config, ["echo", "undisturbed"]);
    expect((await first.wait()).stdout?.end).toBe("eof");
    expect(output.text()).toBe("undisturbed\n");
    await task.exited;
  }));

test("one of two streams in use fails the attach and leaves the other free", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const set = newFIFOSet(fifos.config);
    await using first = await newAttach(withStreams(undefined, undefined, () => {}))(set);
    await expect(
      newAttach(
        withStreams(
          undefined,
          () => {},
          () => {},
        ),
      )(set),
    ).rejects.toMatchObject({
      code: "IN_USE",
      path: fifos.config.stderr,
    });
    await using other = await newAttach(withStreams(undefined, () => {}))(set);
    expect(other.config).toBe(first.config);
  }));

test("writers to stdin are as many as like", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const bytes = new TextEncoder().encode("one\n");
    const output = collect();
    await using reader = await newAttach(withStreams(undefined, output.sink))(
      newFIFOSet(fifos.config),
    );
    await using task = spawnTask(fifos.config, ["cat"]);
    const writers: IO[] = [];
    for (let i = 0; i < 3; i++)
      writers.push(await newAttach(withStreams(bytes))(newFIFOSet(fifos.config)));
    for (const writer of writers) expect((await writer.stdinDone)?.bytes).toBe(4);
    task.closeIO();
    await reader.wait();
    expect(output.text()).toBe("one\n".repeat(3));
    await task.exited;
    for (const writer of writers) await writer.close();
  }));

test("another process is refused while this one reads, and reads when it was killed -9", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    await using holder = Bun.spawn(
      ["bun", join(import.meta.dir, "support/attached-client.ts"), "/dev/null"],
      {
        env: { ...process.env, CONFIG: JSON.stringify(fifos.config) },
        stdout: "pipe",
      },
    );
    await holder.stdout.getReader().read();
    const attach = newAttach(withStreams(undefined, () => {}));
    const refused = attach(newFIFOSet(fifos.config));
    await expect(refused).rejects.toMatchObject({ code: "IN_USE" });
    await expect(refused).rejects.toThrow(`process ${holder.pid}`);
    holder.kill("SIGKILL");
    await holder.exited;
    const io = await attach(newFIFOSet(fifos.config));
    await io.detach();
  }));
