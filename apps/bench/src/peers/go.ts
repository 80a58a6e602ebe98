import { build, folderOf } from "../build.ts";
import { Peer } from "./peer.ts";

/** Go's cio, at the release that go.mod says. */
export async function go(): Promise<Peer> {
  const command = (output: string) => ["go", "build", "-o", output, "."];
  return new Peer("go", [await build("go-peer", command, { cwd: folderOf("go") })]);
}
