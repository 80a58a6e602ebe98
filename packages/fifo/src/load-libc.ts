import { TaskIOError } from "@taskio/core";
import { dlopen, type FFIFunction, FFIType, type Library, read } from "bun:ffi";

/** The shared objects a C library may be in: glibc's, musl's. */
export const libcNames = ["libc.so.6", "libc.so"] as const;

/** Functions of the C library, and the errno of the call just made. */
export type LoadedLibc<Fns extends Record<string, FFIFunction>> = Library<Fns>["symbols"] & {
  /** To be called right after a call: nothing may come between, no await, no fs, no other call. */
  errno(): number;
};

/**
 * Functions of a Linux system's C library. For packages beside this one that make system calls.
 *
 * @param signatures as `dlopen` of `bun:ffi` takes them
 * @param who what needs them, to begin the error's message, such as `terminals need`
 * @throws TaskIOError `UNSUPPORTED` on other systems
 *
 * @example
 * ```ts
 * import { loadLibc } from "@taskio/fifo/libc";
 *
 * const libc = loadLibc({ getppid: { args: [], returns: "i32" } }, "this example needs");
 * console.log(libc.getppid() === process.ppid); // true
 * ```
 */
export function loadLibc<Fns extends Record<string, FFIFunction>>(
  signatures: Fns,
  who: string,
): LoadedLibc<Fns> {
  if (process.platform !== "linux") {
    throw new TaskIOError("UNSUPPORTED", `${who} Linux, this is ${process.platform}`);
  }
  const { symbols, errno } = open(signatures);
  return Object.assign(symbols, { errno });
}

const errnoSignature = { __errno_location: { args: [], returns: FFIType.ptr } } as const;

function open<Fns extends Record<string, FFIFunction>>(signatures: Fns) {
  const failures: unknown[] = [];
  for (const name of libcNames) {
    try {
      const { symbols } = dlopen(name, signatures);
      const location = dlopen(name, errnoSignature).symbols.__errno_location();
      if (location !== null) return { symbols, errno: () => read.i32(location, 0) };
      failures.push(new Error(`${name} gives no errno`));
    } catch (error) {
      failures.push(error);
    }
  }
  throw new TaskIOError("UNSUPPORTED", `no C library to load: tried ${libcNames.join(", ")}`, {
    cause: new AggregateError(failures),
  });
}
