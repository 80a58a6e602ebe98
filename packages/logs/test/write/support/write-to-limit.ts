import { openLogWriter } from "../../../src/index.ts";

// Writes 100 KB to the log that is its argument and tells what was lost.

const log = await openLogWriter(process.argv[2]!, { onLoss() {} });
let total = 0;
for (let i = 0; i < 100; i++) {
  const chunk = Buffer.from(`line ${i} `.padEnd(99, "x").concat("\n").repeat(10));
  await log.write("stdout", chunk);
  total += chunk.length;
}
await log.close();
console.log(JSON.stringify({ total, lost: log.lost.bytes, errno: log.lost.error?.errno }));
