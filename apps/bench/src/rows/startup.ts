import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

/** `taskio ls`, one binary, beside `ctr task ls`: from the start to the end of the command. */
export const startup: Row = {
  figures: [{ name: "startup", unit: "ms", better: "less" }],
  needsContainerd: true,
  async sides(bench) {
    const clients = await bench.clients();
    const times = async (command: readonly string[]) => {
      const all: number[] = [];
      for (let i = 0; i < 5; i++) all.push((await clients.run(command)).ms);
      return [median(all)];
    };
    return {
      ours: () => times([...clients.taskio, "ls"]),
      go: () => times([...clients.ctr, "task", "ls"]),
    };
  },
};
