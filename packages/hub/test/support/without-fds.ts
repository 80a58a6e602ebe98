import { loadLibc } from "@taskio/fifo/libc";

const signature = { args: ["i32", "ptr"], returns: "i32" } as const;
const { getrlimit, setrlimit } = loadLibc(
  { getrlimit: signature, setrlimit: signature },
  "tests need",
);
const RLIMIT_NOFILE = 7;

/** Until it is disposed of, this process opens no file: its fds are used up. */
export function withoutFds(): Disposable {
  const before = new BigUint64Array(2);
  getrlimit(RLIMIT_NOFILE, before);
  setrlimit(RLIMIT_NOFILE, new BigUint64Array([0n, before[1]!]));
  return { [Symbol.dispose]: () => void setrlimit(RLIMIT_NOFILE, before) };
}
