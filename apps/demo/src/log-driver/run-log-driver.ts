import { newOutputHub } from "@taskio/hub";
import { logFormat, openLogWriter, runDriver } from "@taskio/logs";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { logBounds } from "../hub/log-settings.ts";
import { driverLog } from "./driver-log.ts";

/** Is the log driver of a task: writes a log that is rotated, and shows the output to viewers. */
export function runLogDriver(): Promise<void> {
  return runDriver(async ({ id, namespace, config, stdout, stderr, ready, terminated }) => {
    const { format, path, socket } = driverLog(config, { id, namespace });
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    await using log = await openLogWriter(path, {
      ...logBounds,
      format: logFormat(format),
      signal: terminated,
    });
    await using hub = await newOutputHub({ stdout, stderr }, { socket, log });
    ready();
    await hub.wait();
    await hub.close();
    await log.close({ signal: terminated });
  });
}
