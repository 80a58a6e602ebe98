import { type PtyCommand, until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CtrTasks } from "../ctr-tasks.ts";
import { endsWithin } from "../ends-within.ts";
import { expectSame } from "../expect-same.ts";
import { NamedTask } from "../named-task.ts";
import type { Row } from "../row.ts";
import { seconds } from "../seconds.ts";
import { TempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

/** How long a detach may take, in ms. */
const patience = 5_000;

export const detachKeys: Row = {
  number: 27,
  issues: ["c#7412", "cri-tools#1014", "k8s#134996", "m#21769", "m#12510"],
  failure: "there are no detach keys; or ^P^P^Q is missed, or a ^P swallowed",

  async taskio(world) {
    using folder = new TempFolder();
    await using task = new NamedTask(world.taskio);
    const session = new Session(world, () => folder.text("got"));
    const record = recorder(folder.file("got"));
    await session.of(["run", "-it", "--name", task.name, "--", ...record], async (terminal) => {
      terminal.type("ab\x10\x10\x11");
      await session.leaves(terminal, "ab\x10");
    });
    await session.of(["attach", task.name], async (terminal) => {
      terminal.type("\x10");
      await session.gets("ab\x10\x10"); // which nothing follows for a while
      terminal.type("\x11");
      await session.leaves(terminal, "ab\x10\x10");
    });
    await session.of(["attach", "--detach-keys", "a,a,b", task.name], async (terminal) => {
      terminal.type("-aaab");
      await session.leaves(terminal, "ab\x10\x10-a");
    });
    return "^P^P^Q leaves and sends one ^P; a lone ^P is sent; aaab has the keys aab";
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const file = "/tmp/kf-detach-keys";
    const id = await tasks.container(recorder(file), { terminal: true });
    const terminal = world.ctr.onTerminal(...tasks.start(id));
    await terminal.sees(".");
    terminal.type("ab\x10\x10\x11");
    const left = await endsWithin(terminal, patience);
    const got = readFileSync(join(world.daemon.rootfs, file), "utf8");
    const end = left ? "left" : `still attached after ${seconds(patience)}`;
    return { immune: left && got === "ab\x10", seen: `${end}, the task got ${shown(got)}` };
  },
};

/** Control characters as they are written: ^P. */
function shown(text: string): string {
  return text.replace(/[\x00-\x1f]/g, (char) => `^${String.fromCharCode(char.charCodeAt(0) + 64)}`);
}

/** Writes to a file what it is typed, and shows that it is there. */
function recorder(file: string): string[] {
  const show = "while sleep 0.1; do printf .; done";
  return ["sh", "-c", `stty raw -echo; (${show}) & exec cat > ${file}`];
}

class Session {
  constructor(
    readonly world: World,
    readonly got: () => string,
  ) {}

  /** Types once the terminal is the task's. */
  async of(args: readonly string[], type: (terminal: PtyCommand) => Promise<void>): Promise<void> {
    const terminal = this.world.taskio.onTerminal(...args);
    await terminal.sees(".");
    try {
      await type(terminal);
    } catch (error) {
      await endsWithin(terminal, 0);
      throw error;
    }
  }

  /** The task's own terminal and program may be behind the client. */
  async gets(bytes: string): Promise<void> {
    await until(() => this.got() === bytes, "a byte").catch(() =>
      expectSame(shown(this.got()), shown(bytes), "what the task got"),
    );
  }

  async leaves(terminal: PtyCommand, bytes: string): Promise<void> {
    const left = await endsWithin(terminal, patience);
    await this.gets(bytes);
    assert(left, "it got nothing of the keys, but is still attached");
    expectSame(await terminal.exited(), 0, "the exit code");
  }
}
