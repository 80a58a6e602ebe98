import { watch } from "node:fs";

let isDone = false;

/** Bun's thread for watching folders and its fd are made at the first use, and stay. */
export function watchOnce(): void {
  if (!isDone) watch("/").close();
  isDone = true;
}
