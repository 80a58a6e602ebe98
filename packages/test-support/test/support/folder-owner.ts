import { join } from "node:path";

/** A process with a daemon's folder. */
export interface FolderOwner extends AsyncDisposable {
  readonly path: string;
  /** Ends it; the folder stays. */
  end(): Promise<void>;
}

/** Starts one, by way of a command such as `unshare`. */
export async function startFolderOwner(...by: string[]): Promise<FolderOwner> {
  const program = [process.execPath, join(import.meta.dir, "make-folder.ts")];
  const options = { stdin: "pipe", stdout: "pipe", stderr: "inherit", env: process.env } as const;
  const owner = Bun.spawn([...by, ...program], options);
  const { value } = await owner.stdout.getReader().read();
  const end = async () => {
    await owner.stdin.end();
    await owner.exited;
  };
  return { path: new TextDecoder().decode(value).trim(), end, [Symbol.asyncDispose]: end };
}
