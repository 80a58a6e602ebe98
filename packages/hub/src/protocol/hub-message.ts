import { TaskIOError, type TaskIOErrorCode, taskIOErrorCodes, type StreamName } from "@taskio/core";
import type { OutputName } from "../output-name.ts";
import { isObject, parseFields } from "./fields.ts";

/** An error as it is sent. */
export interface SentError {
  readonly code: TaskIOErrorCode;
  readonly message: string;
}

/** All that a hub sends. */
export type HubMessage =
  /** The answer to `attach`: all streams are open. */
  | { readonly type: "attached"; readonly version: number }
  /** The other answer to `attach`, and to a message that is none; the hub closes the socket then. */
  | { readonly type: "refused"; readonly error: SentError }
  /** Bytes that the viewer did not get, as it took what came too slowly. */
  | {
      readonly type: "missed";
      readonly stream: OutputName;
      readonly bytes: number;
      /** Where they would have been: after so many bytes that the viewer got of this stream. */
      readonly offset: number;
    }
  /**
   * The stream is at its end: for an output, after what is in the viewer's FIFO; for stdin, everything
   * is written to the task, or `error` says why not.
   */
  | { readonly type: "end"; readonly stream: StreamName; readonly error?: SentError };

/** A line that a hub sent; undefined for a message that this version does not know. */
export function decodeHubMessage(line: string): HubMessage | undefined {
  const fields = parseFields(line); // a hub is trusted with the rest
  const known = ["attached", "refused", "missed", "end"].includes(fields.type);
  return known ? (fields as unknown as HubMessage) : undefined;
}

/** An error, to be sent. */
export function sentError({ code, message }: TaskIOError): SentError {
  return { code, message };
}

/** An error that was sent, as one to throw. */
export function receivedError(sent: unknown): TaskIOError {
  const { code, message } = isObject(sent) ? sent : {};
  const known = taskIOErrorCodes.find((one) => one === code);
  return new TaskIOError(known ?? "ENGINE_FAILED", String(message));
}
