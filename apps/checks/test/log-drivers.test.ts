import { driverReportPath } from "@taskio/logs";
import { type Daemon, missingContainerd, startContainerd, until } from "@taskio/test-support";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LocalRegistry } from "../src/local-registry.ts";
import { packAll, packOthers } from "../src/pack.ts";
import { stepsIn } from "../src/page-steps.ts";
import { printedAsShown } from "../src/shown-output.ts";
import { Workplace } from "../src/workplace.ts";
import { publishedPackages, root } from "../src/workspace.ts";

setDefaultTimeout(300_000); // a process has a limit of its own, which tells more

const page = await Bun.file(join(root, "docs/log-drivers.md")).text();
const steps = stepsIn(page);
/** What the page's reader may have, and this does not. */
const leftOut = ["registry", "nerdctl"];
const missing = missingContainerd();
/** In the place of the page's `default`: cgroups, and reports of failed drivers, are the machine's. */
const namespace = `taskio-page-${process.pid}`;
const image = "docker.io/library/busybox:latest";

let folder: string;
let place: Workplace;
let registry: LocalRegistry | undefined;
let daemon: Daemon | undefined;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "page-")));
  const names = ["@taskio/core", "@taskio/fifo", "@taskio/hub", "@taskio/logs"];
  const packages = (await publishedPackages()).filter(({ name }) => names.includes(name));
  const others = await packOthers(packages, folder);
  registry = await LocalRegistry.start({ ...others, ...(await packAll(packages, folder)) });
  place = await Workplace.make(folder, {
    BUN_CONFIG_REGISTRY: registry.url,
    BUN_INSTALL_CACHE_DIR: join(folder, "cache"),
    TASKIO_RUNTIME_DIR: join(folder, "run"),
    CONTAINERD_ADDRESS: "",
    CONTAINERD_NAMESPACE: namespace,
  });
  await place.addProgram("bun", `exec '${process.execPath}' "$@"`);
  await place.addProgram("sudo", 'exec "$@"');
  await place.addProgram(
    "taskio",
    `exec '${process.execPath}' '${join(root, "apps/demo/src/main.ts")}' "$@"`,
  );
  if (missing !== undefined) return;
  daemon = await startContainerd();
  const { snapshotter } = await daemon.importImage(image, { namespace });
  const ctr = daemon.ctrCommand.map((word) => `'${word}'`).join(" ");
  await place.addProgram("ctr", `CONTAINERD_SNAPSHOTTER=${snapshotter} exec ${ctr} "$@"`);
});

afterAll(async () => {
  await daemon?.stop();
  await endRuntime();
  await registry?.[Symbol.asyncDispose]();
  await rm(dirname(driverReportPath(namespace, "any")), { recursive: true, force: true });
  await rm(folder, { recursive: true });
});

describe("docs/log-drivers.md, followed step by step:", () => {
  for (const { line, needs, ...step } of steps) {
    const first = step.file ?? step.commands[0]!.command.split("\n")[0];
    const title = `line ${line}, ${first}`;
    if (leftOut.includes(needs ?? "")) test.skip(`${title}: left out, it needs ${needs}`, () => {});
    else if (needs === "containerd" && missing !== undefined) {
      test.skip(`${title} (skipped: ${missing})`, () => {});
    } else {
      test(title, async () => {
        if (step.file !== undefined) return place.write(step.file, step.text);
        for (const { command, output } of step.commands) await follow(command, output);
      });
    }
  }

  test("there are steps on both runtimes, and every need is known", () => {
    const commands = steps.flatMap((step) => step.commands ?? []).map(({ command }) => command);
    for (const client of ["taskio run", "sudo ctr run", "bun build --compile"]) {
      expect(commands.join("")).toContain(client);
    }
    const needs = new Set(steps.flatMap(({ needs }) => needs ?? []));
    expect([...needs].sort()).toEqual([...leftOut, "containerd"].sort());
  });
});

/** A command that the page shows no output of has to succeed; else what it prints counts. */
async function follow(command: string, shown: string): Promise<void> {
  const there = command.replaceAll(/\b(drivers|logs)\/default\//g, `$1/${namespace}/`);
  const ran = await place.run(there);
  if (shown === "") return expect(ran).toMatchObject({ code: 0 });
  const printed = ran.output.replaceAll(place.home, "/home/me").replaceAll(namespace, "default");
  if (!printedAsShown(shown, printed)) expect(printed).toBe(shown);
}

async function endRuntime(): Promise<void> {
  if (!existsSync(join(folder, "run/taskd.sock"))) return;
  const { output } = await place.run("taskio info --json");
  const { pid } = JSON.parse(output) as { pid: number };
  process.kill(pid, "SIGTERM");
  await until(() => !existsSync(`/proc/${pid}`), "the end of the embedded runtime");
}
