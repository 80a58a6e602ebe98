import { errnoAdvice, errnoCode, errnoName, isErrno } from "./errno.ts";

/**
 * Every code that a {@link TaskIOError} can carry.
 *
 * | code | meaning |
 * | --- | --- |
 * | `INVALID_ID` | not a containerd identifier |
 * | `INVALID_CONFIG` | streams that no runtime would accept together |
 * | `INVALID_ARGUMENT` | an argument of the wrong type, a closed or wrong-way fd, a locked stream |
 * | `NOT_FOUND` | a path that does not exist |
 * | `NOT_FIFO` | a path that exists and is no FIFO |
 * | `NOT_ATTACHABLE` | a stream that is a URI (log file, logger, streaming), which has no FIFO |
 * | `IN_USE` | another reader has the stream, or the id is taken |
 * | `PERMISSION` | the kernel refused access |
 * | `STOPPED` | the operation was ended by cancel, detach or close |
 * | `UNAVAILABLE` | out of fds, memory or space |
 * | `CLOSED` | use after close |
 * | `PEER_GONE` | the other end left before everything was written |
 * | `SOURCE_FAILED` | the caller's source threw or could not be read |
 * | `SINK_FAILED` | the caller's sink threw or could not be written |
 * | `UNSUPPORTED` | not possible with this backend or on this system |
 * | `ENGINE_FAILED` | the FIFO engine died or does not answer |
 *
 * @example
 * ```ts
 * import { taskIOErrorCodes } from "@taskio/core";
 *
 * console.log(taskIOErrorCodes.length); // 16
 * ```
 */
export const taskIOErrorCodes = [
  "INVALID_ID",
  "INVALID_CONFIG",
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "NOT_FIFO",
  "NOT_ATTACHABLE",
  "IN_USE",
  "PERMISSION",
  "STOPPED",
  "UNAVAILABLE",
  "CLOSED",
  "PEER_GONE",
  "SOURCE_FAILED",
  "SINK_FAILED",
  "UNSUPPORTED",
  "ENGINE_FAILED",
] as const;

/** One of {@link taskIOErrorCodes}. */
export type TaskIOErrorCode = (typeof taskIOErrorCodes)[number];

/** What a {@link TaskIOError} keeps of the failure behind it. */
export interface TaskIOErrorOptions {
  /** The symbolic errno, such as `"ENXIO"`, where a system call failed. */
  readonly errno?: string;
  /** The system call that failed, such as `"open"`. */
  readonly syscall?: string;
  /** The path it was about. */
  readonly path?: string;
  /** The error that led to this one, as it was thrown. */
  readonly cause?: unknown;
}

/**
 * The one error class of taskio. `code` is from a closed list, so a `switch` over it is complete.
 *
 * @example
 * ```ts
 * import { TaskIOError } from "@taskio/core";
 *
 * try {
 *   throw new TaskIOError("NOT_FOUND", 'no FIFO at "/run/x"', { errno: "ENOENT", path: "/run/x" });
 * } catch (error) {
 *   if (error instanceof TaskIOError && error.code === "NOT_FOUND") console.log(error.path);
 * }
 * ```
 */
export class TaskIOError extends Error {
  override readonly name = "TaskIOError";
  readonly code: TaskIOErrorCode;
  readonly errno: string | undefined;
  readonly syscall: string | undefined;
  readonly path: string | undefined;

  constructor(code: TaskIOErrorCode, message: string, options: TaskIOErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.errno = options.errno;
    this.syscall = options.syscall;
    this.path = options.path;
  }

  /**
   * Wraps anything that was thrown. A `TaskIOError` comes back as it is; a system error gives its
   * errno, syscall and path, and its errno decides the code; all else gets the code `otherwise`.
   *
   * @param doing what failed, such as `make the FIFO folder "/run/x"`: starts the message
   */
  static from(thrown: unknown, otherwise: TaskIOErrorCode, doing: string): TaskIOError {
    if (thrown instanceof TaskIOError) return thrown;
    const { code } = systemError(thrown);
    return TaskIOError.wrap(thrown, (code && errnoCode(code)) || otherwise, doing);
  }

  /**
   * As {@link TaskIOError.from}, but the code is `code` whatever was thrown, and a `TaskIOError` is
   * wrapped too.
   */
  static wrap(thrown: unknown, code: TaskIOErrorCode, doing: string): TaskIOError {
    const { code: errno, syscall, path, message } = systemError(thrown);
    return new TaskIOError(code, `failed to ${doing}: ${message ?? String(thrown)}`, {
      ...(errno && isErrno(errno) && { errno }),
      ...(syscall && { syscall }),
      ...(path && { path }),
      cause: thrown,
    });
  }

  /**
   * The error of a system call that returned an errno.
   *
   * @param errno the positive number, as `errno(3)` gives it
   * @param doing what failed, such as `open the FIFO "/run/x"`: starts the message
   */
  static fromErrno(
    errno: number,
    call: { doing: string; syscall: string; path?: string; code?: TaskIOErrorCode },
  ): TaskIOError {
    const name = errnoName(errno);
    const code = call.code ?? errnoCode(name) ?? "ENGINE_FAILED";
    const { syscall, path } = call;
    return new TaskIOError(
      code,
      `failed to ${call.doing}: ${name}, ${syscall}${errnoAdvice(name)}`,
      {
        errno: name,
        syscall,
        ...(path === undefined ? {} : { path }),
      },
    );
  }
}

type SystemError = Partial<Record<"code" | "syscall" | "path" | "message", string>>;

/** The text fields that Node's system errors have, taken from anything. */
function systemError(thrown: unknown): SystemError {
  if (typeof thrown !== "object" || thrown === null) return {};
  const { errno, code, syscall, path, message } = thrown as Record<string, unknown>;
  const name = thrown instanceof TaskIOError ? errno : code;
  return Object.fromEntries(
    Object.entries({ code: name, syscall, path, message }).filter(([, v]) => typeof v === "string"),
  );
}
