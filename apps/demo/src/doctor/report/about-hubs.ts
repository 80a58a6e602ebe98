import type { CommandLine } from "../../cli/command-line.ts";
import { type Census, lacksHub } from "../census.ts";
import { type Line, many } from "./line.ts";

/** The hubs of tasks, and how to go on where one was killed. */
export function aboutHubs({ residents }: Census, command: CommandLine): Line[] {
  const running = residents.filter(({ hub }) => hub === "running");
  const dead = residents.filter(lacksHub);
  return [
    ...(running.length > 0 ? [inOrder(running.length)] : []),
    ...dead.map(({ name, namespace }): Line => {
      const attach = command(`attach ${name}`, namespace);
      return ["!", "no hub", `the task "${name}" has lost its hub: ${attach} starts another one`];
    }),
  ];
}

function inOrder(count: number): Line {
  const text = `${many(count, "task")} ${count === 1 ? "has its hub" : "have their hubs"}`;
  return ["✓", "hubs", text];
}
