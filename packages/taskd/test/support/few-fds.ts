import { loadLibc } from "@taskio/fifo/libc";
import { closeSync, openSync } from "node:fs";

const RLIMIT_NOFILE = 7;
const most = 512n;

const { getrlimit, setrlimit } = loadLibc(
  {
    getrlimit: { args: ["i32", "ptr"], returns: "i32" },
    setrlimit: { args: ["i32", "ptr"], returns: "i32" },
  },
  "tests need",
);

/** Leaves this process so many fds that it may still open, until its scope ends. */
export function fewFDs(spare: number): Disposable {
  const limits = new BigUint64Array(2);
  getrlimit(RLIMIT_NOFILE, limits);
  setrlimit(RLIMIT_NOFILE, new BigUint64Array([most, limits[1]!]));
  const taken: number[] = [];
  try {
    while (taken.length < most) taken.push(openSync("/dev/null", "r"));
  } catch {
    for (const fd of taken.splice(-spare, spare)) closeSync(fd);
  }
  return {
    [Symbol.dispose]: () => {
      for (const fd of taken) closeSync(fd);
      setrlimit(RLIMIT_NOFILE, limits);
    },
  };
}
