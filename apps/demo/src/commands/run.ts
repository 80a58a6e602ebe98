import type { Command } from "commander";
import { collect } from "../cli/collect.ts";
import type { GlobalOptions } from "../cli/global-options.ts";
import { newCommand } from "../cli/new-command.ts";
import type { Exit } from "../cli/program.ts";

/** The options of `taskio run`. */
export interface RunOptions extends GlobalOptions {
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly detach?: boolean;
  readonly rm?: boolean;
  readonly name?: string;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly image?: string;
  readonly rootfs?: string;
  readonly snapshotter?: string;
  readonly net: string;
  readonly io?: string;
  readonly detachKeys?: string;
}

/** `taskio run` */
export function runCommand(exit: Exit): Command {
  return newCommand({
    name: "run",
    usage: "[OPTIONS] -- COMMAND [ARG...]",
    summary: "Run a command as a new task",
    description,
  })
    .argument("[command]")
    .argument("[args...]")
    .passThroughOptions()
    .option("-d, --detach", "Run the task in the background and print its id")
    .option("--detach-keys <string>", 'Keys that leave a terminal (default "ctrl-p,ctrl-q")')
    .option("-e, --env <list>", "Set an environment variable, or pass one on", collect)
    .option("--image <string>", "Run in a container of an image that containerd has")
    .option("-i, --interactive", "Connect stdin")
    .option("--io <string>", 'Streams: "fifo", "null", "file:///PATH" or "binary:///PATH"')
    .option("--name <string>", "Id of the task (default: a random one)")
    .option("--net <string>", 'Network on containerd: "host" or "none" (default "host")', "host")
    .option("--rm", "Remove the task when it has ended")
    .option("--rootfs <string>", "Run in a container whose root is this folder, on containerd")
    .option("--snapshotter <string>", "Where the image is unpacked (default: the namespace's)")
    .option("-t, --tty", "Give the task a terminal")
    .option("-u, --user <string>", "User, UID or either with :GROUP, on containerd")
    .option("-w, --workdir <string>", "Working directory (default: this one, or the image's)")
    .action(async (command: string | undefined, args: string[], _, self: Command) => {
      const { run } = await import("../actions/run.ts");
      const words = command === undefined ? [] : [command, ...args];
      exit(await run(words, self.optsWithGlobals<RunOptions>()));
    });
}

const description = `Without -d the task's output is shown here, its exit code becomes taskio's, and
signals are passed on to it. With -d a hub reads it and keeps a log, for "taskio logs",
and for any number of "taskio attach" at once; with --io fifo it waits in FIFOs, as far as
they hold it.

With --image or --rootfs it has the files of that, and this system's network. An image has
a command of its own where none is given; one that is given comes after its entrypoint.

Exit codes beside the task's: 125 taskio failed, 126 the command or its working directory
can't be used, 127 the command was not found.`;
