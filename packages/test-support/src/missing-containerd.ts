import { findTools } from "./find-tools.ts";

/** Why tests with a real containerd can't run here; undefined where they can. */
export function missingContainerd(): string | undefined {
  if (process.platform !== "linux") return "containerd's tests need Linux";
  if (process.geteuid?.() !== 0) return "containerd's tests need root";
  try {
    findTools();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
