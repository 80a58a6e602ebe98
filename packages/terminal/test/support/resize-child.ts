// Says the size of its terminal at each change; with an argument, in the terminal's background.
import { dlopen } from "bun:ffi";
import { onResize, windowSize } from "../../src/index.ts";

if (process.argv[2]) {
  const { setpgid } = dlopen("libc.so.6", {
    setpgid: { args: ["i32", "i32"], returns: "i32" },
  }).symbols;
  setpgid(0, 0);
}
const say = ({ columns, rows }: { columns: number; rows: number }) =>
  console.log(`${columns}x${rows}`);
onResize(0, say);
console.log(`ready ${windowSize(0).columns} ${process.pid}`);
await Bun.sleep(60_000);
