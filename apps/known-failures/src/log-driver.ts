// The log driver of the rows about logs, as users write one; compiled, see World.logDriver. Its query has one
// key, `log`: LogDriverConfig as JSON.
import { logFormat, openLogWriter, runDriver } from "@taskio/logs";
import { readFileSync, writeFileSync } from "node:fs";
import type { LogDriverConfig } from "./log-driver-config.ts";

await runDriver(async ({ config, stdout, stderr, ready }) => {
  const { path, about, format, ...options } = JSON.parse(config["log"]!) as LogDriverConfig;
  const all = { ...options, format: logFormat(format), reopenOnSIGHUP: true };
  await using log = await openLogWriter(path, all);
  writeFileSync(about, JSON.stringify({ pid: process.pid }));
  ready();
  const logged = [stdout, stderr].map(async (stream) => {
    for await (const chunk of stream) await log.write(stream.name, chunk);
    await log.end(stream.name);
  });
  await Promise.all(logged);
  writeFileSync(about, JSON.stringify({ pid: process.pid, peak: peakMemory() }));
});

/** The most memory that this process has had, in bytes. */
function peakMemory(): number {
  const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))!;
  return Number(kiB) * 1024;
}
