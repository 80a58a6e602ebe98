import { type Config, TaskIOError } from "@taskio/core";

/**
 * Refuses what no shim takes, before it is asked: on one empty output the runc shim fails or, with
 * stdin alone, hangs for ever.
 *
 * @param terminal whether the process is to have a terminal; undefined where that isn't known
 * @throws TaskIOError `INVALID_CONFIG`
 */
export function checkConfig(config: Config, what: string, terminal: boolean | undefined): void {
  const { stdin, stdout, stderr } = config;
  if (terminal !== undefined && terminal !== config.terminal) {
    throw invalid(
      terminal
        ? `the spec of the ${what} wants a terminal, the streams have none: use withTerminal`
        : `the streams of the ${what} have a terminal, its spec does not: set process.terminal`,
    );
  }
  if (config.terminal) {
    if (stdout) return;
    throw invalid(`the ${what} has a terminal and no stdout: give a sink for it`);
  }
  const outputs = Number(stdout !== "") + Number(stderr !== "");
  if (outputs === 2 || (outputs === 0 && stdin === "")) return;
  throw invalid(
    `the ${what} has only some streams: wire stdout and stderr both, to /dev/null if need be`,
  );
}

function invalid(message: string): TaskIOError {
  return new TaskIOError("INVALID_CONFIG", message);
}
