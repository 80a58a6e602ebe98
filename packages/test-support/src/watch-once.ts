import { readdirSync, readFileSync, watch } from "node:fs";

let isDone = false;

/** Bun's thread for watching folders and its fd are made at the first use, and stay: no leak of a test. */
export function watchOnce(): void {
  if (!isDone) watch("/").close();
  isDone = true;
  for (let tries = 0; tries < 1000 && !threads().includes("fs.watch"); tries++) Bun.sleepSync(1);
}

/** By name, which each gives itself a little after its start. */
function threads(): string[] {
  return readdirSync("/proc/self/task").map((id) => {
    try {
      return readFileSync(`/proc/self/task/${id}/comm`, "utf8").trim();
    } catch {
      return ""; // it has ended
    }
  });
}
