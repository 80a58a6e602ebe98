import { inWords } from "../../client/readers.ts";
import type { Census } from "../census.ts";
import type { FoundStream, Streams } from "../streams.ts";
import type { CommandLine } from "./command-line.ts";
import { type Line, many } from "./line.ts";

/** How the outputs are, and how to go on with those that wait. */
export function aboutStreams(
  { count, found, incomplete }: Streams,
  { residents, namespaces }: Census,
  command: CommandLine,
): Line[] {
  const tasks = residents.filter(({ status }) => status).length;
  const where = `${many(tasks, "task")} in ${many(namespaces.length, "namespace")}`;
  const has = (state: FoundStream["state"]) => found.some((stream) => stream.state === state);
  const blocked = has("blocked");
  const summary = `${where}, ${many(count, "output")} in FIFOs${blocked ? "" : ", none is blocked"}`;
  return [
    [blocked ? "-" : "✓", "streams", summary],
    ...found.map((stream) => aboutStream(stream, command)),
    ...(has("unseen") && incomplete ? [["-", "processes", incomplete] as const] : []),
  ];
}

function aboutStream(found: FoundStream, command: CommandLine): Line {
  const { stream, path, state, readers, bytes, capacity } = found;
  const who = ownerOf(found);
  const waiting = `${bytes} of ${capacity} bytes wait in its ${stream}`;
  switch (state) {
    case "blocked":
      return ["!", "blocked", `${who} waits until somebody reads, ${waiting}: ${reader()}`];
    case "slow":
      return ["-", "full", `${who} waits for its reader, ${inWords(readers[0]!)}: ${waiting}`];
    case "unread":
      return ["-", "unread", `${who}: ${waiting}, nobody reads: ${reader()}`];
    case "lost":
      return ["!", "lost", `${who}: its ${stream} was ${path}, which is gone: start it anew`];
    case "unseen":
      return ["-", "unseen", `${who}: how full its ${stream} is can't be seen`];
  }

  /** An exec can't be attached to. */
  function reader(): string {
    const { namespace, task, exec } = found;
    if (task === undefined || exec !== undefined) return `"cat ${path}"`;
    return command(`attach ${task}`, namespace);
  }
}

function ownerOf({ task, exec }: FoundStream): string {
  if (exec === undefined) return `the task "${task}"`;
  return `the exec "${exec}"${task === undefined ? "" : ` of the task "${task}"`}`;
}
