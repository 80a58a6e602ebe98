import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  type Config,
  type FIFOSet,
  newFIFOSet,
  type StreamName,
  TaskIOError,
  validateID,
} from "@taskio/core";
import { makeFIFO } from "./make-fifo.ts";
import { removeFIFOs } from "./remove-fifos.ts";

/** Only the client's user and its runtime may open the FIFOs. */
const mode = 0o700;

/**
 * Makes FIFOs for a task in a fresh folder under `root`: `<id>-stdin`, `<id>-stdout`, and `<id>-stderr`
 * unless it has a terminal. Closing the set removes those FIFOs, then the folder if nothing else is
 * in it. Go: `cio.NewFIFOSetInDir`.
 *
 * @param root made with mode 0700 where it is missing; `""` for the temp folder
 * @throws TaskIOError `INVALID_ID`, `PERMISSION`, `UNAVAILABLE`; nothing is left behind
 *
 * @example
 * ```ts
 * import { newFIFOSetInDir } from "@taskio/fifo";
 *
 * await using fifos = await newFIFOSetInDir("", "task-1", false);
 * console.log(fifos.config.stdout); // /tmp/…/task-1-stdout
 * ```
 */
export function newFIFOSetInDir(root: string, id: string, terminal: boolean): Promise<FIFOSet> {
  return makeFIFOSet(root, id, (path) => ({
    terminal,
    stdin: path("stdin"),
    stdout: path("stdout"),
    stderr: terminal ? "" : path("stderr"),
  }));
}

/**
 * As {@link newFIFOSetInDir}, for the streams whose path `configure` asks for. Where it asks for none
 * no folder is made.
 */
export async function makeFIFOSet(
  root: string,
  id: string,
  configure: (path: (name: StreamName) => string) => Config,
): Promise<FIFOSet> {
  validateID(id);
  const wanted = new Set<StreamName>();
  const plain = configure((name) => (wanted.add(name), ""));
  if (wanted.size === 0) return newFIFOSet(plain);
  const folder = await makeFolder(root);
  const paths: string[] = [];
  const set = newFIFOSet(
    configure((name) => join(folder, `${id}-${name}`)),
    () => removeFIFOs(paths.toReversed(), [folder]),
  );
  try {
    for (const name of wanted) {
      await makeFIFO(set.config[name], mode);
      paths.push(set.config[name]);
    }
    return set;
  } catch (error) {
    await set.close();
    throw error;
  }
}

async function makeFolder(root: string): Promise<string> {
  try {
    const parent = resolve(root || tmpdir());
    await mkdir(parent, { recursive: true, mode });
    return await mkdtemp(join(parent, "/"));
  } catch (error) {
    const code =
      (error as NodeJS.ErrnoException).code === "EEXIST" ? "INVALID_ARGUMENT" : undefined;
    const doing = `make a FIFO folder in ${JSON.stringify(root)} (see withFIFODir)`;
    if (code) throw TaskIOError.wrap(error, code, doing); // a file is in the way
    throw TaskIOError.from(error, "UNAVAILABLE", doing);
  }
}
