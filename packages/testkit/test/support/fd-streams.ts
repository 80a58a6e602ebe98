import { type ChunkSink, type ChunkSource, TaskIOError } from "@taskio/core";
import fs, { constants } from "node:fs";

const { O_ACCMODE = 3, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants as Record<string, number>;

/** A caller's fd as a chunk sink: simple and slow. */
export function fdSink(fd: number, name: string): ChunkSink {
  const own = openOwn(fd, O_WRONLY!, name);
  let released = false;
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.length && !released;) {
        const written = unlessBusy(() => fs.writeSync(own ?? fd, chunk, done));
        if (written === undefined) await Bun.sleep(1);
        else done += written;
      }
    },
    release() {
      released = true;
      if (own !== undefined) fs.closeSync(own);
    },
  };
}

/** A caller's fd as a chunk source. */
export function fdSource(fd: number, name: string): ChunkSource {
  const own = openOwn(fd, O_RDONLY!, name);
  let released = false;
  return {
    async pull(take) {
      const buffer = Buffer.alloc(65_536);
      while (!released) {
        const length = unlessBusy(() => fs.readSync(own ?? fd, buffer));
        if (length) take(buffer.subarray(0, length));
        if (length !== undefined) return length > 0;
        await Bun.sleep(1);
      }
      return true;
    },
    release() {
      released = true;
      if (own !== undefined) fs.closeSync(own);
    },
  };
}

/** A non-blocking open of a pipe of our own: the caller's flags stay as they are. */
function openOwn(fd: number, mode: number, name: string): number | undefined {
  try {
    const isPipe = fs.fstatSync(fd).isFIFO();
    const info = fs.readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
    const access = parseInt(/^flags:\s*(\d+)$/m.exec(info)![1]!, 8) & O_ACCMODE!;
    if (access !== mode && access !== constants.O_RDWR)
      throw new TaskIOError("INVALID_ARGUMENT", `fd ${fd} as ${name} is open the other way`);
    return isPipe ? fs.openSync(`/proc/self/fd/${fd}`, mode | O_NONBLOCK!) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENXIO") return undefined; // a write says EPIPE
    throw TaskIOError.from(error, "INVALID_ARGUMENT", `use fd ${fd} as ${name}`);
  }
}

export function unlessBusy(call: () => number): number | undefined {
  try {
    return call();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}
