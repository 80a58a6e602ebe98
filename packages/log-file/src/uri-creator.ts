import { type Config, type Creator, newIO, validateID } from "@taskio/core";

/**
 * A Creator that names `uri` for the outputs and makes nothing.
 *
 * A terminal has one output, so its stderr is `""`. Go on Unix repeats the URI there, which the
 * runc shim does not read; Go on Windows leaves it empty, because hcsshim insists.
 */
export function uriCreator(uri: string, { terminal }: { terminal: boolean }): Creator {
  const config: Config = Object.freeze({
    terminal,
    stdin: "",
    stdout: uri,
    stderr: terminal ? "" : uri,
  });
  return async (id, { signal } = {}) => {
    signal?.throwIfAborted();
    validateID(id);
    return newIO({ config });
  };
}
