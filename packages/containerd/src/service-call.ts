import type { CallOptions } from "@connectrpc/connect";
import { TaskIOError } from "@taskio/core";
import { abortable } from "./abortable.ts";
import type { Call, RPC } from "./rpc.ts";

/** A call about something that may not be there, of a service that the server may not have. */
export interface ServiceCall extends Call {
  /** What is asked for, such as `container "web"`: an error tells that, and where it was looked for. */
  readonly sought?: string;
}

/** As `rpc.call`, with errors that say what was looked for, and what a server does not offer. */
export async function serviceCall<T>(
  rpc: RPC,
  call: ServiceCall,
  run: (options: CallOptions) => Promise<T>,
): Promise<T> {
  try {
    return await rpc.call(call, run);
  } catch (error) {
    throw error instanceof TaskIOError ? inWords(error, call, rpc.namespace) : error;
  }
}

/**
 * The answers of a streaming call. It is made with the first of them; leaving the loop ends it.
 *
 * @param open makes the call
 */
export async function* streamingCall<T>(
  rpc: RPC,
  call: ServiceCall,
  open: (options: CallOptions) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const left = new AbortController();
  const signal = call.signal ? AbortSignal.any([call.signal, left.signal]) : left.signal;
  let answers: AsyncIterator<T> | undefined;
  try {
    while (true) {
      // The options are those of one answer, the stream's own last as long as it does.
      const next = await serviceCall(rpc, { ...call, signal }, (options) => {
        answers ??= open({ signal })[Symbol.asyncIterator]();
        return abortable(answers.next(), options.signal);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    left.abort();
  }
}

/** What is not there, and in which namespace, for a NOT_FOUND. */
export function notFound(what: string, namespace: string, cause?: unknown): TaskIOError {
  const message = `no ${what} in the namespace "${namespace}": check the name and the namespace`;
  return new TaskIOError("NOT_FOUND", message, { cause });
}

function inWords(error: TaskIOError, { doing, sought }: ServiceCall, namespace: string) {
  const { code, cause } = error;
  if (code === "NOT_FOUND" && sought) return notFound(sought, namespace, cause);
  if (code !== "UNSUPPORTED") return error;
  const { rawMessage = error.message } = (cause ?? {}) as { rawMessage?: string };
  const message = `failed to ${doing}: this server does not offer that (${rawMessage}): use a containerd`;
  return new TaskIOError(code, message, { cause });
}
