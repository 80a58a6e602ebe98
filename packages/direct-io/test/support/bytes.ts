export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a stream has until its end; that it ends with an error is told in `error`. */
export async function drain(
  stream: ReadableStream<Uint8Array>,
  take: (chunk: Uint8Array) => void,
): Promise<{ error?: unknown }> {
  try {
    for await (const chunk of stream) take(chunk);
    return {};
  } catch (error) {
    return { error };
  }
}

/** How a promise has settled: the code of its error, or "resolved". */
export function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "resolved",
    (error) => error.code,
  );
}
