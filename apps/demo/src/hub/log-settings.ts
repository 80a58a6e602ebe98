import { type LogWriterOptions, logFormat } from "@taskio/logs";
import { logFormatName } from "./hub-messages.ts";

/** How large a log grows: 50 MiB in all. */
export const logBounds: LogWriterOptions = { maxSize: 10 << 20, maxFiles: 5 };

/** How a hub writes the log of its task. */
export const logSettings: LogWriterOptions = {
  ...logBounds,
  format: logFormat(logFormatName),
  mode: 0o600,
  lockMs: 1000, // another hub may be leaving
};
