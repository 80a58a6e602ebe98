import { defaultFIFODir } from "@taskio/fifo";
import { runtimeDir } from "@taskio/taskd";
import { join } from "node:path";

/** Where the files of tasks are made. */
export interface StreamDirs {
  /** For FIFOs. */
  readonly fifoDir: string;
  /** For what is kept: see `logPath`. */
  readonly dir: string;
}

/** All of the embedded runtime's is in its folder. */
export function streamDirs({ embedded }: { readonly embedded: boolean }): StreamDirs {
  const dir = runtimeDir();
  return { dir, fifoDir: embedded ? join(dir, "fifo") : defaultFIFODir() };
}
