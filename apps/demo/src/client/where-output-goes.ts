import { commandLine } from "../cli/command-line.ts";
import { driverLogOf } from "../log-driver/driver-log.ts";
import type { FoundTask } from "./find-task.ts";
import { foreignCommand } from "./foreign-command.ts";
import { nerdctlName } from "./nerdctl-name.ts";
import type { Runtime } from "./open-runtime.ts";
import { outputKind, schemeOf } from "./output-kind.ts";

/** Where the output of a task goes and how to see it, in words that follow `the output of the task`. */
export function whereOutputGoes({ name, container, status }: FoundTask, runtime: Runtime): string {
  const { stdout } = status.config;
  const command = commandLine(runtime.options);
  switch (outputKind(status.config)) {
    case "none":
      return "is thrown away";
    case "file":
      return `goes to a file: see it with ${command(`logs ${name}`)}`;
    case "stream":
      return `goes to a ${schemeOf(stdout)} stream`;
    case "logger": {
      if (driverLogOf(stdout, { id: container.id, namespace: runtime.client.namespace })) {
        return `goes to a log: see it with ${command(`logs ${name}`)}`;
      }
      const [program = stdout] = stdout.split("?");
      const named = nerdctlName(container);
      const seen = named && `: see it with ${foreignCommand("nerdctl", `logs ${named}`, runtime)}`;
      return `goes to a ${schemeOf(stdout)} logger, ${program}${seen || ""}`;
    }
    case "fifo":
    case "terminal":
      return `is not kept in a file: see it with ${command(`attach ${name}`)}`;
  }
}
