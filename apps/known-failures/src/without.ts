import { renameSync } from "node:fs";

/** Does something while a file is not where it was. */
export async function without(path: string, run: () => Promise<unknown>): Promise<void> {
  const away = `${path}-away`;
  renameSync(path, away);
  try {
    await run();
  } finally {
    renameSync(away, path);
  }
}
