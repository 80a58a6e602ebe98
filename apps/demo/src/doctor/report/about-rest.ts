import type { Census, Resident } from "../census.ts";
import type { GlobalOptions } from "../../cli/global-options.ts";
import { foreignCommand } from "../../client/foreign-command.ts";
import type { CommandLine } from "../../cli/command-line.ts";
import { inRow, type Line, many } from "./line.ts";

/** What is there and does nothing, where nothing is wrong; and tasks that are out of reach. */
export function aboutRest(
  { namespaces, residents }: Census,
  command: CommandLine,
  options: GlobalOptions,
): Line[] {
  return namespaces.flatMap((namespace) => {
    const here = residents.filter((resident) => resident.namespace === namespace);
    const lost = here.filter(({ hasContainer }) => !hasContainer);
    const ended = here.filter((one) => one.hasContainer && one.status?.state === "stopped");
    const taskless = here.filter(({ status }) => !status);
    const have = ended.length === 1 ? "has" : "have";
    return [
      ...lost.map(({ id }) => outOfReach(id)),
      ...note("ended", ended, `${many(ended.length, "task")} that ${have} ended`),
      ...note("no task", taskless, `${many(taskless.length, "container")} without a task`),
    ];

    function note(what: string, found: readonly Resident[], text: string): Line[] {
      if (found.length === 0) return [];
      const names = inRow(found.map(({ name }) => name));
      return [["-", what, `${text} in "${namespace}": ${names}: ${command("rm NAME", namespace)}`]];
    }

    function outOfReach(id: string): Line {
      const reached = { options, client: { namespace } };
      const again = foreignCommand("ctr", `container create --rootfs / ${id} -`, reached);
      const then = command(`rm -f ${id}`, namespace);
      return [
        "!",
        "no container",
        `the task "${id}" has none and is out of reach: ${again}, then ${then}`,
      ];
    }
  });
}
