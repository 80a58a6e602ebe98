import type { Sink } from "@taskio/core";
import { expectSame } from "../expect-same.ts";
import { inLanes } from "../in-lanes.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

const patience = 20_000;
const lanes = 3;
const first = "first\n";
/** More than FIFO and pipe hold. */
const rest = 1 << 20;
const script = `echo first; read go; head -c ${rest} /dev/zero; exit 4`;

export const failedConsumer: Row = {
  number: 32,
  issues: ["c#14127"],
  failure: "when the consumer of a stream fails, its receiver is blocked for ever",

  async taskio(world) {
    const times = world.times(20, 1);
    const all = Object.entries(consumers);
    await inLanes(all.length * times, lanes, (at) => run(world, ...all[at % all.length]!));
    return `${Object.keys(consumers).join(", ")}: 1 MiB drained, the failure told, nothing held`;
  },
};

/** Something that takes a stream until it fails. */
interface Consumer {
  readonly sink: Sink;
  /** Settles when it has failed, as far as it is not the sink's call that fails. */
  fail?(): Promise<void>;
}

const broken = new Error("the consumer is broken");

/** How it fails. */
const consumers: Readonly<Record<string, () => Consumer>> = {
  throws: () => ({
    sink() {
      throw broken;
    },
  }),
  rejects: () => ({
    async sink() {
      await Bun.sleep(50);
      throw broken;
    },
  }),
  "cancels a web stream under a write": () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    return {
      sink: writable,
      fail: () => readable.cancel(broken), // the first chunk waits to be read
    };
  },
  "cancels an idle web stream": () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    return {
      sink: writable,
      async fail() {
        const reader = readable.getReader();
        await reader.read();
        await reader.cancel(broken);
      },
    };
  },
};

async function run(world: World, how: string, consumer: () => Consumer): Promise<void> {
  const { sink, fail } = consumer();
  const go = Promise.withResolvers<void>();
  async function* typed() {
    await go.promise;
    yield new TextEncoder().encode("go\n");
  }
  await using task = await world.newTask(["sh", "-c", script], [typed(), sink]);
  const signal = AbortSignal.timeout(patience);
  try {
    await task.start();
    await Bun.sleep(200); // by now the first chunk is there
    await fail?.();
  } finally {
    go.resolve();
  }
  const { exitCode } = await task.wait({ signal });
  expectSame(exitCode, 4, `the exit code of a task whose consumer ${how}`);
  const { stdout } = await task.io.wait({ signal });
  await task.delete();
  expectSame(stdout?.error?.code, "SINK_FAILED", `what is told of a consumer that ${how}`);
  const taken = stdout!.bytes + stdout!.discarded;
  expectSame(taken, first.length + rest, `what was taken, where the consumer ${how}`);
}
