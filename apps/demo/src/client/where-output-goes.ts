import type { Client } from "@taskio/containerd";
import type { FoundTask } from "./find-task.ts";
import { foreignLabels } from "./labels.ts";
import { outputKind, schemeOf } from "./output-kind.ts";

/** Where the output of a task goes and how to see it, in words that follow `the output of the task`. */
export function whereOutputGoes({ name, container, status }: FoundTask, client: Client): string {
  const { stdout } = status.config;
  switch (outputKind(status.config)) {
    case "none":
      return "is thrown away";
    case "file":
      return `goes to a file: see it with "taskio logs ${name}"`;
    case "stream":
      return `goes to a ${schemeOf(stdout)} stream`;
    case "logger": {
      const [program = stdout] = stdout.split("?");
      const named = container.labels[foreignLabels.nerdctlName];
      const seen = named && `: see it with "nerdctl --namespace ${client.namespace} logs ${named}"`;
      return `goes to a ${schemeOf(stdout)} logger, ${program}${seen || ""}`;
    }
    case "fifo":
    case "terminal":
      return `is not kept in a file: see it with "taskio attach ${name}"`;
  }
}
