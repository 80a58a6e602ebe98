import { PtyCommand } from "@taskio/test-support";
import type { Subprocess } from "bun";

type Env = Readonly<Record<string, string | undefined>>;

/** What a program gave. */
export interface Run {
  /** 137 where it was killed because it did not end. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it did not end by itself in its time. */
  readonly hung: boolean;
}

/** How to run it. */
export interface RunOptions {
  /** @default nothing: an empty stdin */
  readonly stdin?: string | undefined;
  /** After which it is killed, in ms. @default 30000 */
  readonly within?: number;
}

/** A command line program, with the arguments and variables that all its runs have. */
export class Program {
  readonly command: readonly string[];
  readonly env: Env;

  constructor(command: readonly string[], env: Env) {
    this.command = command;
    this.env = env;
  }

  /** Runs it to its end, which is forced in time. */
  async run(args: readonly string[], { stdin, within = 30_000 }: RunOptions = {}): Promise<Run> {
    const child = this.spawn(args);
    if (stdin) child.stdin.write(stdin);
    void Promise.resolve(child.stdin.end()).catch(() => {}); // it may read nothing
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, within);
    const [stdout, stderr, exitCode] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    clearTimeout(timer);
    return { exitCode, stdout, stderr, hung };
  }

  /** Starts it, with pipes. */
  spawn(args: readonly string[]): Subprocess<"pipe", "pipe", "pipe"> {
    const options = {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      env: { ...this.env },
    } as const;
    return Bun.spawn([...this.command, ...args], options);
  }

  /** Starts it on a terminal. */
  onTerminal(...args: string[]): PtyCommand {
    return new PtyCommand([...this.command, ...args], this.env);
  }
}
