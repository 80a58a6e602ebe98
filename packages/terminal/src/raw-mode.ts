import { RawTerminals } from "./raw-terminals.ts";

/** A terminal in raw mode: see {@link rawMode}. */
export interface RawMode extends Disposable {
  /** Restores the terminal, as disposing does. Twice is fine. */
  restore(): void;
}

/**
 * Puts a terminal into raw mode (`cfmakeraw(3)`, as containerd's console does): every key goes to
 * the task as it is typed, `^C` and `^Z` too, and output is not touched.
 *
 * It gets exactly its former settings back at `restore()`, and before the process ends: by
 * `process.exit`, at its natural end, by an error that nobody caught, by SIGHUP, SIGINT, SIGQUIT,
 * SIGTERM, SIGPIPE, SIGALRM, SIGUSR1 or SIGUSR2. A signal then does its work, so that the parent
 * sees a death by that signal. One that the program listens to is left to the program, and one that
 * was ignored stays ignored. SIGKILL, SIGSTOP and a crash of the runtime leave the terminal raw.
 *
 * Raw mode entered twice is left by the last `restore()`. After a stop, SIGCONT puts raw mode back in
 * force. In the background of its terminal the process restores nothing: a shell has the terminal.
 *
 * @param fd a terminal, as a rule 0: raw mode is about what is typed. It may be closed afterwards
 * @throws TaskIOError `INVALID_ARGUMENT` when it is no terminal, `UNSUPPORTED` off Linux
 *
 * @example
 * ```ts
 * import { isTerminal, rawMode } from "@taskio/terminal";
 *
 * if (isTerminal(0)) {
 *   using raw = rawMode(0);
 *   process.stdout.write("every key counts\r\n");
 * }
 * ```
 */
export function rawMode(fd: number): RawMode {
  let leave: (() => void) | undefined = RawTerminals.get().enter(fd);
  const restore = () => {
    leave?.();
    leave = undefined;
  };
  return { restore, [Symbol.dispose]: restore };
}
