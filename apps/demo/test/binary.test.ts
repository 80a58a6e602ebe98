import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../package.json" with { type: "json" };
import { TestRuntime } from "./support/test-runtime.ts";

const build = fileURLToPath(new URL("../scripts/build.ts", import.meta.url));

const root = fileURLToPath(new URL("../../..", import.meta.url));
const outOfReach = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none "$0" && exec "$@"', root];

/** Before a command: the sources are out of its reach, where we may do that. */
function withoutSources(): string[] {
  return Bun.spawnSync([...outOfReach, "true"]).success ? outOfReach : [];
}

test("one binary, with the embedded runtime in it and the sources out of reach", async () => {
  const folder = mkdtempSync(join(tmpdir(), "taskio-binary-"));
  try {
    const binary = join(folder, "taskio");
    const built = Bun.spawn([process.execPath, build, binary], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect({ code: await built.exited, stderr: await built.stderr.text() }).toMatchObject({
      code: 0,
    });
    await using taskio = new TestRuntime([...withoutSources(), binary]);
    const ended = await taskio.run(["run", "--", "echo", "hi"], { cwd: folder });
    expect(ended).toEqual({ exitCode: 0, stdout: "hi\n", stderr: "" });
    expect(await taskio.ok("--version")).toBe(`taskio ${manifest.version}\n`);
    writeFileSync(join(folder, ".env"), "CONTAINERD_ADDRESS=/nowhere\n");
    writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./nothing.ts"]\n');
    const there = await taskio.run(["info"], { cwd: folder }); // it is Bun's to read them, not ours
    expect(there).toMatchObject({ exitCode: 0, stderr: "" });
    expect(there.stdout).toMatch(/^runtime: +embedded$/m);
    const { pid } = JSON.parse(await taskio.ok("info", "--json")) as { pid: number };
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    expect(command.slice(0, 2)).toEqual([binary, "__taskd"]); // nothing of it is read from elsewhere
    expect(readFileSync(`/proc/${pid}/maps`, "utf8")).not.toContain("/apps/demo/");
    await taskio.ok("run", "-d", "--name", "bg", "-w", "/", "--", "sh", "-c", "echo up; exit 3");
    const viewed = await taskio.run(["attach", "bg"]);
    expect(viewed).toEqual({ exitCode: 3, stdout: "up\n", stderr: "" });
    const [hub] = taskio.hubs();
    const itsCommand = readFileSync(`/proc/${hub}/cmdline`, "utf8").split("\0");
    expect(itsCommand.slice(0, 2)).toEqual([binary, "__hub"]);
    expect(await taskio.ok("logs", "bg")).toBe("up\n");
    const terminal = taskio.onTerminal(
      "run",
      "-it",
      "--rm",
      "-w",
      "/",
      "--",
      "sh",
      "-c",
      "stty size; exit 3",
    );
    expect({ code: await terminal.exited(), screen: terminal.screen }).toEqual({
      code: 3,
      screen: "24 80\r\n",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
