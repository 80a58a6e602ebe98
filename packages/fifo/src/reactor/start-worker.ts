import { TaskIOError } from "@taskio/core";
import moves from "./moves.worker.ts" with { type: "text" };
import loop from "./reactor.worker.ts" with { type: "text" };

/** How the one text imports the other; in a Blob a relative path would be one below the cwd. */
const specifier = '"./moves.worker.ts"';

/** URLs of Blobs can't be revoked while a worker starts: so there is one, for restarts too. */
let url: string | undefined;

/**
 * Starts the reactor's thread, from texts: the one way that needs no file beside a bundle.
 *
 * @throws TaskIOError `ENGINE_FAILED` when the texts are not what they were
 */
export function startWorker(): Worker {
  url ??= blobUrl();
  try {
    return new Worker(url);
  } catch {
    // --disallow-code-generation-from-strings=strict forbids workers from a Blob
    return new Worker(new URL("./reactor.worker.ts", import.meta.url).href);
  }
}

function blobUrl(): string {
  if (!moves || !loop?.includes(specifier)) {
    throw new TaskIOError(
      "ENGINE_FAILED",
      'the reactor\'s source is not as it was: a bundler plugin dropped `with { type: "text" }`',
    );
  }
  const imported = JSON.stringify(urlOf("moves.worker.ts", moves));
  return urlOf("reactor.worker.ts", loop.replace(specifier, imported));
}

function urlOf(name: string, text: string): string {
  return URL.createObjectURL(new File([text], name, { type: "application/typescript" }));
}
