import { TaskIOError } from "@taskio/core";
import { closeSync } from "node:fs";
import { checkTerminal, terminalFailed } from "./check-terminal.ts";
import { libc, linux } from "./libc.ts";
import { isIgnored, onSignal } from "./on-signal.ts";
import { raise } from "./raise.ts";
import { terminalDevice } from "./terminal-device.ts";
import { getTermios, isInBackground, rawTermios, setTermios, type Termios } from "./termios.ts";

/** The signals that end a process that does not listen to them, from whoever sends them. */
const deadly = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGTERM",
  "SIGPIPE",
  "SIGALRM",
  "SIGUSR1",
  "SIGUSR2",
] as const;

interface RawTerminal {
  /** An fd of our own: the caller's may be closed by the time. */
  readonly fd: number;
  readonly former: Termios;
  readonly raw: Termios;
  users: number;
}

/** One per process, also over `--hot` reloads and twice-installed packages. */
const key = Symbol.for("taskio.terminal.raw.1");
const registry = globalThis as { [key]?: RawTerminals };

/** The terminals that the process has put into raw mode, by device. They do not stay so after it. */
export class RawTerminals {
  readonly #terminals = new Map<number, RawTerminal>();
  #guard: DisposableStack | undefined;

  /** The process's own. */
  static get(): RawTerminals {
    return (registry[key] ??= new RawTerminals());
  }

  /** Gives the function that undoes it; the last of several restores the terminal. */
  enter(fd: number): () => void {
    checkTerminal(fd);
    const device = terminalDevice(fd)!;
    const terminal = this.#terminals.get(device) ?? open(fd);
    try {
      setTermios(terminal.fd, terminal.raw);
    } catch (error) {
      if (terminal.users === 0) closeSync(terminal.fd);
      throw error;
    }
    terminal.users++;
    this.#terminals.set(device, terminal);
    this.#guard ??= this.#watch();
    return () => this.#leave(device, terminal);
  }

  #leave(device: number, terminal: RawTerminal): void {
    if (--terminal.users > 0) return;
    this.#terminals.delete(device);
    restore(terminal);
    closeSync(terminal.fd);
    if (this.#terminals.size > 0) return;
    this.#guard?.dispose();
    this.#guard = undefined;
  }

  #watch(): DisposableStack {
    const guard = new DisposableStack();
    const restoreAll = () => this.#terminals.forEach(restore);
    process.prependListener("exit", restoreAll); // other listeners may print
    guard.defer(() => process.off("exit", restoreAll));
    for (const signal of deadly) {
      if (!isIgnored(signal)) guard.use(onSignal(signal, () => this.#die(signal)));
    }
    guard.use(onSignal("SIGCONT", () => this.#terminals.forEach(resume)));
    return guard;
  }

  #die(signal: (typeof deadly)[number]): void {
    if (process.listenerCount(signal) > 1) return; // the program decides, and may go on
    this.#terminals.forEach(restore);
    this.#guard?.dispose();
    raise(signal);
  }
}

function open(theirs: number): RawTerminal {
  const former = getTermios(theirs);
  const fd = libc().fcntl(theirs, linux.F_DUPFD_CLOEXEC, 3);
  if (fd < 0) throw terminalFailed(theirs, "duplicate the fd", "fcntl");
  return { fd, former, raw: rawTermios(former), users: 0 };
}

/** Quietly: the terminal may have hung up, and there is more to clean up. */
function restore({ fd, former }: RawTerminal): void {
  quietly(() => isInBackground(fd) || setTermios(fd, former));
}

/** A shell that had the terminal meanwhile has made it its own. */
function resume({ fd, raw }: RawTerminal): void {
  quietly(() => isInBackground(fd) || setTermios(fd, raw));
}

function quietly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof TaskIOError)) throw error;
  }
}
