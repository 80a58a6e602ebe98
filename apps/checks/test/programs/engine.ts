// Moves bytes through each part of the FIFO engine and prints what arrived.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFIFODir, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";

async function moveBytes(folder: string): Promise<void> {
  const file = join(folder, "out");
  const fd = openSync(file, "w");
  const chunks: Uint8Array[] = [];
  const streams = withStreams(Buffer.from("from stdin\n"), fd, (chunk) => void chunks.push(chunk));
  await using io = await newCreator(streams, withFIFODir(folder))("task-1");
  const { stdin, stdout, stderr } = io.config;
  const script = 'cat < "$IN" > "$OUT"; head -c 3000000 /dev/zero > "$ERR"';
  const env = { ...process.env, IN: stdin, OUT: stdout, ERR: stderr };
  await Bun.spawn(["sh", "-c", script], { env }).exited;
  const result = await io.wait();
  closeSync(fd);
  console.log(readFileSync(file, "utf8").trim(), result.stdout?.bytes, result.stdout?.end);
  console.log(Buffer.concat(chunks).length, result.stderr?.bytes, result.stderr?.end);
}

const folder = mkdtempSync(join(tmpdir(), "engine-"));
void moveBytes(folder).finally(() => rmSync(folder, { recursive: true }));
