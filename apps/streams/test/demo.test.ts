import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLine } from "../src/counter.ts";

const main = join(import.meta.dir, "../src/main.ts");

setDefaultTimeout(60_000); // for machines under load

/** Everything that the demo makes goes here. */
let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), "demo-test-"));
});
afterEach(() => {
  expect(readdirSync(temp)).toEqual([]);
  rmSync(temp, { recursive: true });
});

const environment = () => ({ ...process.env, TMPDIR: temp, NO_COLOR: undefined });

function start(command: string[], env: Record<string, string | undefined> = {}) {
  return Bun.spawn(command, {
    env: { ...environment(), ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function run(command: string[], env?: Record<string, string | undefined>) {
  const demo = start(command, env);
  const [stdout, stderr, code] = await Promise.all([
    demo.stdout.text(),
    demo.stderr.text(),
    demo.exited,
  ]);
  return { stdout, stderr, code };
}

test("shows every step, and sums up exactly what went through", async () => {
  const { stdout, stderr, code } = await run([process.execPath, main]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout.match(/^\d  /gm)).toEqual(["1  ", "2  ", "3  ", "4  ", "5  ", "6  ", "7  "]);
  const summary = /: ([\d,]+) bytes in, ([\d,]+) bytes out, nothing lost, nothing left behind\.\n$/;
  const [, taken, out] = summary.exec(stdout) ?? [];
  expect([number(taken), number(out)]).toEqual([bytesIn, bytesOut]);
});

test("the pieces add up", async () => {
  const { stdout } = await run([process.execPath, main]);
  const amounts = [
    ...stdout.matchAll(/^ +(piece \d|together) .*? ([\d,]+) lines +([\d,]+) bytes$/gm),
  ];
  expect(amounts.map(([, label]) => label)).toEqual(["piece 1", "piece 2", "piece 3", "together"]);
  const bytes = amounts.map(([, , , amount]) => number(amount));
  expect(bytes[0]! + bytes[1]! + bytes[2]!).toBe(bytes[3]!);
  expect(bytes[3]).toBe(counted);
  expect(number(amounts[3]![2])).toBe(lastLine);
});

test("goes on to its end when nobody reads it any more", async () => {
  const { stdout, stderr, code } = await run([
    ...["sh", "-c", '("$0" "$1"; echo "exit code $?" >&2) | head -1'],
    ...[process.execPath, main],
  ]);
  expect(stdout).toBe("taskio: container task IO, shown on real processes of this machine.\n");
  expect({ stderr, code }).toEqual({ stderr: "exit code 0\n", code: 0 });
});

test("fails loudly when something is wrong, and leaves nothing", async () => {
  const programs = mkdtempSync(join(tmpdir(), "demo-programs-"));
  for (const name of ["echo", "seq"]) symlinkSync(Bun.which(name)!, join(programs, name));
  const { stdout, stderr, code } = await run([process.execPath, main], { PATH: programs });
  rmSync(programs, { recursive: true });
  expect(stdout).toContain("no line is missing");
  expect(stdout).not.toContain("Done");
  expect(stderr).toStartWith("\nThe demo failed: ");
  expect(stderr).toContain('not found in $PATH: "sha256sum"');
  expect(code).toBe(1);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends it early, and leaves nothing", async (signal, code) => {
  const demo = start([process.execPath, main]);
  let said = "";
  for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    if (said.includes("\n2  ")) demo.kill(signal);
  }
  expect(await demo.stderr.text()).toBe("");
  expect(await demo.exited).toBe(code);
  const pid = /process +(\d+),/.exec(said)?.[1];
  expect(commandOf(pid)).not.toStartWith("seq");
});

test("is in colour on a terminal, unless NO_COLOR is set", async () => {
  expect(await runOnTerminal({})).toContain("\x1b[1m1  Make");
  expect(await runOnTerminal({ NO_COLOR: "1" })).not.toContain("\x1b");
});

async function runOnTerminal(env: Record<string, string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  const demo = Bun.spawn([process.execPath, main], {
    env: { ...environment(), ...env },
    terminal: { cols: 120, rows: 40, data: (_terminal, chunk) => void chunks.push(chunk) },
  });
  expect(await demo.exited).toBe(0);
  await Bun.sleep(20); // what was written last
  demo.terminal?.close();
  return Buffer.concat(chunks).toString();
}

/** What the lines 1 to `lastLine` are together, in bytes. */
const counted = Array.from({ length: String(lastLine).length }, (_, i) => {
  const numbers = Math.min(10 ** (i + 1), lastLine + 1) - 10 ** i;
  return numbers * (i + 2);
}).reduce((sum, bytes) => sum + bytes);

const mebibyte = 1 << 20;
const digestLine = 64 + "  -\n".length;
const bytesIn = mebibyte + "7\n12\n111\n".length;
const bytesOut = counted + digestLine + counted + "49\n144\n12321\n".length;

function number(text: string | undefined): number {
  return Number(text?.replaceAll(",", ""));
}

function commandOf(pid: string | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
