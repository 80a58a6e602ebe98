import { parseArgs } from "node:util";
import type { Row } from "./row.ts";

/** What the command line says. */
export interface Options {
  readonly quick: boolean;
  readonly json: string | undefined;
  readonly chart: string | undefined;
  readonly help: boolean;
  readonly rows: readonly Row[];
  /** Whether a figure was asked for. */
  readonly wants: (figure: string) => boolean;
}

/** What `--help` prints. */
export const help = `Usage: bun run bench [--quick] [--only NAME]… [--json FILE] [--chart FILE]

Measures taskio beside Go's cio and log writers, and a C loop, which is the limit, in turns. Prints a
table. Needs Linux and a C compiler; Go for the column "go"; root, containerd, runc and busybox for the
rows on containerd.

  --quick       smaller sizes and fewer rounds: rough, within 50 s
  --only NAME   this row only: a figure's name, or what it begins with, as echo-fd
  --json FILE   the figures
  --chart FILE  a chart of the medians, as SVG
`;

/** @throws Error where something is unknown */
export function parseOptions(args: readonly string[], rows: readonly Row[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      json: { type: "string" },
      chart: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { quick, only, json, chart, help } = values;
  const names = rows.flatMap(({ figures }) => figures.map(({ name }) => name));
  for (const name of only ?? []) {
    if (names.some((figure) => isNamed(figure, name))) continue;
    throw new Error(`no row "${name}": choose from ${names.join(", ")}`);
  }
  const wants = (figure: string) => only?.some((name) => isNamed(figure, name)) ?? true;
  const wanted = rows.filter(({ figures }) => figures.some(({ name }) => wants(name)));
  return { quick, json, chart, help, rows: wanted, wants };
}

function isNamed(figure: string, name: string): boolean {
  return figure === name || figure.startsWith(`${name}-`);
}
