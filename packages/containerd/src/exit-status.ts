import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";

/** How a process ended. */
export interface ExitStatus {
  /** The exit code, or 128 plus the number of the signal; 255 where the runtime doesn't know. */
  readonly exitCode: number;
  /** When, by the runtime's clock; 1970 for what never ran. */
  readonly exitedAt: Date;
}

/** From the fields that several messages have. */
export function exitStatus(message: { exitStatus: number; exitedAt?: Timestamp }): ExitStatus {
  const { exitStatus: exitCode, exitedAt } = message;
  const known = exitedAt && exitedAt.seconds > 0n; // Go's zero time is the year 1
  return { exitCode, exitedAt: known ? timestampDate(exitedAt) : new Date(0) };
}
