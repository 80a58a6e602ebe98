import { criFormat, openLogWriter } from "../../../src/index.ts";

// Writes numbered records, from a number on, to a log until it is killed, and notes each on stdout
// after it is written.

const [path, from, maxFiles] = process.argv.slice(2);
const log = await openLogWriter(path!, {
  format: criFormat,
  maxSize: 2000,
  maxFiles: Number(maxFiles),
  compress: true,
  onError: (error) => console.error(error),
  onLoss: ({ error }) => console.error(error),
});
for (let i = Number(from); ; i++) {
  await log.write(i % 2 ? "stdout" : "stderr", Buffer.from(`${i} ${"x".repeat(i % 50)}\n`));
  process.stdout.write(`${i}\n`);
}
