import type { LogStream } from "@taskio/logs";
import { invalid } from "../cli/invalid.ts";
import { parseTime } from "../cli/parse-time.ts";
import type { LogsOptions } from "../commands/logs.ts";

/** What of a log is wanted, and how; times in ns since 1970. */
export interface LogQuery {
  readonly follow: boolean;
  /** Undefined for all. */
  readonly tail: number | undefined;
  readonly since: bigint | undefined;
  readonly until: bigint | undefined;
  readonly stream: LogStream | undefined;
  readonly timestamps: boolean;
}

/** @throws TaskIOError `INVALID_ARGUMENT` */
export function parseLogQuery(options: LogsOptions): LogQuery {
  const { follow = false, tail, since, until, stream, timestamps = false } = options;
  const query = {
    follow,
    tail: parseTail(tail),
    since: since === undefined ? undefined : parseTime("--since", since),
    until: until === undefined ? undefined : parseTime("--until", until),
    stream: parseStream(stream),
    timestamps,
  };
  if (query.since !== undefined && query.until !== undefined && query.since > query.until) {
    throw invalid(`--since ${since} is after --until ${until}: nothing could be printed`);
  }
  return query;
}

/**
 * Refuses what a plain file can't tell.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function checkPlain(name: string, query: LogQuery): void {
  const { since, until, timestamps, stream } = query;
  const times = Object.entries({ since, until, timestamps: timestamps || undefined });
  const option = times.find(([, value]) => value !== undefined)?.[0];
  const plain = `the output of the task "${name}" goes to a plain file, which`;
  if (option) throw invalid(`${plain} keeps no times: leave --${option} out`);
  if (stream) throw invalid(`${plain} does not tell stdout from stderr: leave --stream out`);
}

function parseTail(text: string | undefined): number | undefined {
  if (text === undefined || text === "all" || /^-\d+$/.test(text)) return undefined; // as docker
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(count)) return count;
  throw invalid(`invalid --tail "${text}": give a number of lines, or all`);
}

function parseStream(text: string | undefined): LogStream | undefined {
  if (text === undefined || text === "stdout" || text === "stderr") return text;
  throw invalid(`invalid --stream "${text}": give stdout or stderr`);
}
