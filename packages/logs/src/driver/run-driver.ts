import { Driver, type DriverMain } from "./driver.ts";
import type { DriverOptions } from "./driver-options.ts";
import { type LoggerStart, loggerStart } from "./logger-start.ts";

/** The exit code of a driver that was started by hand. */
const notStarted = 125;

/**
 * Runs this process as a log driver: what containerd and taskd start for a `binary://` or
 * `binary-v2://` URI to read a task's output. To be the whole of a program, which
 * `bun build --compile` makes one file of.
 *
 * Whatever `main` does, the task goes on. SIGTERM, which the runtime sends before all is read, SIGINT
 * and SIGHUP end nothing; `reopenOnSIGHUP` of `openLogWriter` has SIGHUP do what logrotate needs. When `main` has returned, what it has left of the streams is discarded up to
 * their end; then the process ends with code 0.
 *
 * When `main` throws, returns before `ready()`, or an error in it is caught by nobody, the driver has
 * failed: its loops over the streams end, what is left is discarded and counted, and the code is 1. As
 * `binary-v2` refuses a task whose driver was not ready, and `binary` starts it all the same, that is
 * told on stderr, which taskd puts into its error, and in a file, since containerd's drivers have
 * `/dev/null` for stderr: see `driverReportPath`. The next run for the same namespace and id that ends
 * well removes the file. Warnings (`process.emitWarning`), such as those of `openLogWriter` when output is
 * lost on a full disk, go there too, and are no failure. Ids of execs are unique in their container only,
 * so execs of two containers can have the same file.
 *
 * `drainMs` after SIGTERM the streams end whatever is still in them; the driver then has half a second,
 * and what was not read is told in the same way.
 *
 * In a process that no runtime has started, nothing is run: it says how it is used, and exits with 125.
 *
 * @example
 * ```ts no-run
 * import { openLogWriter, runDriver } from "@taskio/logs";
 *
 * await runDriver(async ({ id, config, stdout, stderr, ready, terminated }) => {
 *   const path = `${config.dir ?? "/var/log"}/${id}.log`;
 *   await using log = await openLogWriter(path, { maxSize: 10 << 20, maxFiles: 5 });
 *   ready();
 *   const logged = [stdout, stderr].map(async (stream) => {
 *     for await (const chunk of stream) await log.write(stream.name, chunk);
 *     await log.end(stream.name);
 *   });
 *   await Promise.all(logged);
 *   await log.close({ signal: terminated });
 * });
 * ```
 */
export async function runDriver(main: DriverMain, options: DriverOptions = {}): Promise<never> {
  const driver = new Driver(startOrExit());
  process.exit(await driver.run(main, options));
}

function startOrExit(): LoggerStart {
  try {
    return loggerStart();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(notStarted);
  }
}
