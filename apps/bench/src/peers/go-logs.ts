import { build, folderOf } from "../build.ts";
import { Peer } from "./peer.ts";

/** The log writers of containerd and nerdctl, at the releases that go.mod says: they need many modules. */
export async function goLogs(): Promise<Peer> {
  const command = (output: string) => ["go", "build", "-o", output, "."];
  return new Peer("go", [await build("go-logs", command, { cwd: folderOf("go-logs") })]);
}
