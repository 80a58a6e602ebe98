import { shellWord } from "../../cli/shell-word.ts";
import { inWords } from "../../client/readers.ts";
import type { Census } from "../census.ts";
import type { FoundStream, Streams } from "../streams.ts";
import type { CommandLine } from "../../cli/command-line.ts";
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
    ...found.map((stream) => aboutStream(stream, isAttachable(stream), command)),
    ...(has("unseen") && incomplete ? [["-", "processes", incomplete] as const] : []),
  ];

  /** Neither an exec can be attached to, nor a task that has lost its container. */
  function isAttachable({ namespace, task, exec }: FoundStream): boolean {
    if (exec !== undefined) return false;
    const lost = residents.filter(({ hasContainer }) => !hasContainer);
    return !lost.some((one) => one.namespace === namespace && one.name === task);
  }
}

function aboutStream(found: FoundStream, attachable: boolean, command: CommandLine): Line {
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

  function reader(): string {
    const { namespace, task } = found;
    return attachable ? command(`attach ${task}`, namespace) : `"cat ${shellWord(path)}"`;
  }
}

function ownerOf({ task, exec }: FoundStream): string {
  if (exec === undefined) return `the task "${task}"`;
  return `the exec "${exec}"${task === undefined ? "" : ` of the task "${task}"`}`;
}
