import { tempFolder } from "@taskio/test-support";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fifoHolders } from "../../src/holders/index.ts";
import { ffiProvider as mkfifo } from "../../src/make-fifo.ts";

/** A folder for FIFO folders that goes away with its scope. */
export interface FIFODirs extends Disposable {
  readonly path: string;
  /** The path of a folder in it, or of a file in that. */
  at(...names: string[]): string;
  /** Makes a folder with FIFOs, as a client does that is killed then. Gives its path. */
  make(name: string, ...fifos: string[]): string;
}

export function fifoDirs(): FIFODirs {
  const folder = tempFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  return {
    path: folder.path,
    at,
    make(name, ...fifos) {
      mkdirSync(at(name), { mode: 0o700 });
      for (const fifo of fifos) mkfifo(at(name, fifo), 0o700);
      return at(name);
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** Whether this process may look into all others: not everybody can, be it as root. */
export function seesAll(dirs: FIFODirs): boolean {
  mkfifo(dirs.at("seen"), 0o700);
  return fifoHolders([dirs.at("seen")]).incomplete === undefined;
}
