import type { Census, Resident } from "../census.ts";
import type { CommandLine } from "./command-line.ts";
import { inRow, type Line, many } from "./line.ts";

/** What is there and does nothing. Nothing is wrong with that. */
export function aboutRest({ namespaces, residents }: Census, command: CommandLine): Line[] {
  return namespaces.flatMap((namespace) => {
    const here = residents.filter((resident) => resident.namespace === namespace);
    const ended = here.filter(({ status }) => status?.state === "stopped");
    const taskless = here.filter(({ status }) => !status);
    const have = ended.length === 1 ? "has" : "have";
    return [
      ...note("ended", ended, `${many(ended.length, "task")} that ${have} ended`),
      ...note("no task", taskless, `${many(taskless.length, "container")} without a task`),
    ];

    function note(what: string, found: readonly Resident[], text: string): Line[] {
      if (found.length === 0) return [];
      const names = inRow(found.map(({ name }) => name));
      return [["-", what, `${text} in "${namespace}": ${names}: ${command("rm NAME", namespace)}`]];
    }
  });
}
