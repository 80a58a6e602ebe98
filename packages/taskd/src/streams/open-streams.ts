import { statSync } from "node:fs";
import type { Config } from "@taskio/core";
import { TaskIOError } from "@taskio/core";
import type { Size } from "../process/process-spec.ts";
import { checkConfig, type Target } from "./check-config.ts";
import { FIFOOutput } from "./fifo-output.ts";
import { FileOutput } from "./file-output.ts";
import { Logger, type LoggerContext } from "./logger.ts";
import { LoggerOutput } from "./logger-output.ts";
import type { Output } from "./output.ts";
import { PlainStreams } from "./plain-streams.ts";
import type { ProcessStreams } from "./process-streams.ts";
import { StdinFIFO } from "./stdin-fifo.ts";
import { TerminalStreams } from "./terminal-streams.ts";

/**
 * Opens what a Config names, without waiting for a client.
 *
 * @throws TaskIOError `INVALID_CONFIG`, `NOT_FOUND`, `NOT_FIFO`, `PERMISSION`, `UNAVAILABLE`; nothing
 * is open then
 */
export async function openStreams(
  config: Config,
  size: Size | undefined,
  context: LoggerContext,
): Promise<ProcessStreams> {
  const targets = checkConfig(config);
  const stdin = targets.stdin.kind === "path" ? new StdinFIFO(targets.stdin.path) : undefined;
  const outputs: Output[] = [];
  try {
    if (targets.stdout.kind === "logger") {
      const logger = await Logger.start(targets.stdout.uri, context);
      outputs.push(new LoggerOutput(logger, 0), new LoggerOutput(logger, 1));
    } else {
      for (const target of [targets.stdout, targets.stderr]) {
        if (isNamed(target)) outputs.push(openOutput(target, config.terminal));
      }
    }
    if (config.terminal) return new TerminalStreams(stdin, outputs[0]!, size);
    const [stdout, stderr] = outputs;
    return new PlainStreams(stdin, stdout && stderr && [stdout, stderr]);
  } catch (error) {
    stdin?.close();
    for (const output of outputs) await output.close();
    throw error;
  }
}

type Named = Extract<Target, { path: string }>;

function isNamed(target: Target): target is Named {
  return "path" in target;
}

function openOutput(target: Named, terminal: boolean): Output {
  const { kind, path } = target;
  if (kind === "file") return new FileOutput(path, true);
  if (isFIFO(path)) return new FIFOOutput(path);
  if (!terminal) return new FileOutput(path, false);
  throw new TaskIOError("NOT_FIFO", `"${path}" is not a FIFO: a terminal's output needs one`, {
    path,
  });
}

function isFIFO(path: string): boolean {
  try {
    return statSync(path).isFIFO();
  } catch (error) {
    throw TaskIOError.from(error, "ENGINE_FAILED", `open the stream "${path}"`);
  }
}
