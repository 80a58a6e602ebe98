import { defaultFIFODir } from "@taskio/fifo";
import { runtimeDir } from "@taskio/taskd";
import { join } from "node:path";

/** Where the FIFOs of tasks are made. */
export interface StreamDirs {
  readonly fifoDir: string;
}

/** All of the embedded runtime's is in its folder. */
export function streamDirs({ embedded }: { readonly embedded: boolean }): StreamDirs {
  return { fifoDir: embedded ? join(runtimeDir(), "fifo") : defaultFIFODir() };
}
