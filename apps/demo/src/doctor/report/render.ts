import { isatty } from "node:tty";
import { commandLine } from "../../cli/command-line.ts";
import type { GlobalOptions } from "../../cli/global-options.ts";
import { table } from "../../cli/table.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { aboutFolders } from "./about-folders.ts";
import { aboutHubs } from "./about-hubs.ts";
import { aboutLogs } from "./about-logs.ts";
import { aboutRest } from "./about-rest.ts";
import { aboutRuntime } from "./about-runtime.ts";
import { aboutStreams } from "./about-streams.ts";
import type { Mark } from "./line.ts";

/** How the command was called, for the commands that it proposes. */
export interface RenderOptions {
  readonly options: GlobalOptions;
  /** The present one. */
  readonly namespace: string;
  /** The options of `doctor` with which another run of it sees the same. */
  readonly again: string;
}

const colors: Readonly<Record<Mark, number>> = { "✓": 32, "!": 31, "-": 2, " ": 0 };

/** The diagnosis in lines: what is fine, what is found and what to do about it. */
export function render(diagnosis: Diagnosis, called: RenderOptions): string {
  const { runtime, census, streams, folders, logs } = diagnosis;
  const command = commandLine(called.options, called.namespace);
  const fix = command(`doctor --fix${called.again}`);
  const lines = [
    ...aboutRuntime(runtime),
    ...aboutHubs(census, command),
    ...aboutStreams(streams, census, command),
    ...aboutFolders(folders, fix),
    ...aboutLogs(logs, fix),
    ...aboutRest(census, command, called.options),
  ];
  const colored = isatty(1) && !process.env.NO_COLOR;
  return table(lines.map(([mark, ...rest]) => [colored ? inColor(mark) : mark, ...rest]));
}

function inColor(mark: Mark): string {
  return `\x1b[${colors[mark]}m${mark}\x1b[0m`;
}
