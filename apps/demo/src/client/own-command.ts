import { fileURLToPath } from "node:url";

/** What starts this program anew: the compiled binary, or Bun with our source. */
export function ownCommand(): string[] {
  const module = import.meta.url;
  if (module.includes("/$bunfs/")) return [process.execPath];
  return [process.execPath, fileURLToPath(new URL("../main.ts", module))];
}
