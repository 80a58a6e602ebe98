import { ratioTo, type Result, valueOf } from "../result.ts";
import { ratio, valueWithUnit } from "./numbers.ts";
import { element, escaped } from "./svg.ts";

const width = 800;
const labels = 190;
const bars = 400;
const barHeight = 9;
const rowHeight = 30;
const titleHeight = 44;

const style = `
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-weight: 600; font-size: 13px; }
.small { fill: #57606a; font-size: 11px; }
.ours { fill: #2da44e; }
.go { fill: #8c959f; }
.limit { stroke: #cf222e; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .small { fill: #9198a1; }
  .go { fill: #6e7681; }
}`;

/** The medians as bars: how quick the copies are, and what the rest costs. */
export function chart(results: readonly Result[]): string {
  const shown = results.filter((result) => valueOf(result, "ours") !== null);
  const speed = shown.filter(({ figure }) => figure.unit === "MB/s");
  const cost = shown.filter((result) => result.figure.better === "less" && ratioTo(result, "go"));
  const most = Math.max(...speed.flatMap(medians));
  const speeds = section(0, "Bytes copied per second: longer is better", speed, () => most);
  const costs = section(speeds.end, "What it takes: shorter is better", cost, (result) =>
    Math.max(...medians(result)),
  );
  const height = costs.end + 8;
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
  };
  const title = element("title", {}, escaped("taskio beside Go and the limit"));
  const content = [title, element("style", {}, style), speeds.svg, costs.svg];
  return `${element("svg", root, ...content)}\n`;
}

function medians(result: Result): number[] {
  return (["ours", "go", "limit"] as const).map((side) => valueOf(result, side) ?? 0);
}

/** Rows below a title; `longest` is what the longest bar of a row stands for. */
function section(
  top: number,
  title: string,
  results: readonly Result[],
  longest: (result: Result) => number,
): { readonly svg: string; readonly end: number } {
  if (results.length === 0) return { svg: "", end: top };
  const head = [
    element("text", { x: 8, y: top + 20, class: "title" }, escaped(title)),
    ...key(top + 20),
  ];
  const rows = results.map((result, at) =>
    row(top + titleHeight + at * rowHeight, result, bars / longest(result)),
  );
  return { svg: [...head, ...rows].join(""), end: top + titleHeight + results.length * rowHeight };
}

function key(y: number): string[] {
  const square = (x: number, side: string) =>
    element("rect", { x, y: y - 9, width: 9, height: 9, class: side });
  const text = (x: number, of: string) => element("text", { x, y, class: "small" }, escaped(of));
  const line = element("line", { x1: 667, x2: 667, y1: y - 10, y2: y, class: "limit" });
  return [
    square(520, "ours"),
    text(533, "taskio"),
    square(585, "go"),
    text(598, "Go"),
    line,
  ].concat(text(673, "limit"));
}

function row(y: number, result: Result, scale: number): string {
  const { figure } = result;
  const [ours, go, limit] = (["ours", "go", "limit"] as const).map((side) =>
    valueOf(result, side),
  ) as [number, number | null, number | null];
  const bar = (value: number, side: string, at: number) =>
    element("rect", {
      x: labels,
      y: y + at,
      width: Math.max(value * scale, 1).toFixed(1),
      height: barHeight,
      class: side,
    });
  const parts = [
    element("text", { x: 8, y: y + 13 }, escaped(figure.name)),
    bar(ours, "ours", 0),
    ...(go === null ? [] : [bar(go, "go", barHeight + 1)]),
    ...(limit === null ? [] : [tick(labels + limit * scale, y)]),
    element("text", { x: labels + bars + 12, y: y + 13, class: "small" }, escaped(said(result))),
  ];
  return parts.join("");
}

function tick(x: number, y: number): string {
  const at = x.toFixed(1);
  return element("line", { x1: at, x2: at, y1: y - 3, y2: y + 2 * barHeight + 4, class: "limit" });
}

function said(result: Result): string {
  const value = valueWithUnit(valueOf(result, "ours"), result.figure);
  const toGo = ratioTo(result, "go");
  return toGo === null ? value : `${value}, ${ratio(toGo)} Go's`;
}
