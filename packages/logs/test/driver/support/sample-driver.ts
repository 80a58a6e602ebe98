// A driver with plain files: in the folder `dir` one for each stream, and one that says how it went. `mode`
// names what goes wrong with it.
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DriverContext, type DriverStream, runDriver } from "../../../src/index.ts";

const drainMs = process.argv.includes("short") ? 300 : 11_000;
const at = process.argv.indexOf("report");
const report = at < 0 ? {} : { report: process.argv[at + 1]! };

await runDriver(main, { drainMs, ...report });

async function main(context: DriverContext): Promise<void> {
  const { config, id, namespace, ready, stdout, stderr, terminated } = context;
  const file = (name: string) => join(config["dir"]!, `${id}.${name}`);
  const say = (what: string) => appendFileSync(file("said"), `${what}\n`);
  say(JSON.stringify({ id, namespace, config }));
  terminated.addEventListener("abort", () => say("terminated"));
  process.on("SIGHUP", () => say("SIGHUP"));
  if (config["mode"] === "throw-at-start") throw new Error("no disk", { cause: new Error("why") });
  if (config["mode"] === "return-early") return;
  if (config["mode"] === "late") await Bun.sleep(20_000);
  ready();
  ready();
  if (config["mode"] === "warn") process.emitWarning("42 bytes of output are lost");
  if (config["mode"] === "return-ready") return;
  if (config["mode"] === "stray") setTimeout(() => void Promise.reject(new Error("stray")), 1);
  if (config["mode"] === "stray-throw") setTimeout(() => thrower(), 1);
  if (config["mode"] === "stuck") await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (config["mode"] === "twice") await refused(stdout, say);
  if (config["mode"] === "child") await child(stdout, file("stdout"));
  if (config["mode"] === "break") for await (const chunk of stdout) if (keep(file, chunk)) break;
  let seen = 0;
  const log = async (stream: DriverStream) => {
    writeFileSync(file(stream.name), "", { flag: "a" });
    for await (const chunk of stream) {
      appendFileSync(file(stream.name), chunk);
      seen += chunk.length;
      if (config["mode"] === "slow-end" && seen > 4_950_000) await slowly(context, say);
      if (config["mode"] === "throw-in-middle" && seen > 100_000) throw new Error("disk gone");
    }
    say(`${stream.name} ended`);
  };
  await Promise.all([log(stdout), log(stderr)]);
}

function thrower(): never {
  throw new Error("stray");
}

/** Reads no more until the runtime asks for the end. */
async function slowly(context: DriverContext, say: (what: string) => void): Promise<void> {
  if (context.terminated.aborted) return;
  for (let i = 0; i < 500 && !context.terminated.aborted; i++) await Bun.sleep(10);
  say(`unread at SIGTERM: ${context.terminated.aborted}`);
}

function keep(file: (name: string) => string, chunk: Uint8Array): true {
  appendFileSync(file("stdout"), chunk);
  return true;
}

async function refused(stream: DriverStream, say: (what: string) => void): Promise<void> {
  const [first, second] = [stream[Symbol.asyncIterator](), stream[Symbol.asyncIterator]()];
  const waiting = first.next();
  try {
    await second.next();
  } catch (error) {
    say(String(error));
  }
  await waiting;
  await first.return?.();
}

async function child(stream: DriverStream, path: string): Promise<void> {
  await Bun.spawn(["/bin/cat"], { stdin: stream.fd, stdout: Bun.file(path) }).exited;
}
