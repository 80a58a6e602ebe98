import { dlopen } from "bun:ffi";

const { socketpair } = dlopen("libc.so.6", {
  socketpair: { args: ["i32", "i32", "i32", "ptr"], returns: "i32" },
}).symbols;
const AF_UNIX = 1;
const types = { bytes: 1, packets: 5 } as const;
const SOCK_CLOEXEC = 0o2000000;

/** Two connected sockets, in blocking mode. */
export function socketPair(type: keyof typeof types = "bytes"): [number, number] {
  const fds = new Int32Array(2);
  if (socketpair(AF_UNIX, types[type] | SOCK_CLOEXEC, 0, fds) !== 0)
    throw new Error("socketpair failed");
  return [fds[0]!, fds[1]!];
}
