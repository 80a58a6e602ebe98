import { type Config, type Creator, newIO } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { unlink } from "node:fs/promises";
import { removeLog } from "./log-path.ts";
import { startHub } from "./start-hub.ts";

/** What streams a task with a hub has. */
export interface HubStreams {
  readonly terminal: boolean;
  readonly stdin: boolean;
  readonly fifoDir: string;
  readonly log: string;
  /** Of the runtime. */
  readonly address: string;
  readonly namespace: string;
}

/**
 * FIFOs for a task whose one client is a hub, in a process of its own. Closing the IO says that there
 * will be no task: the hub ends, and nothing is left. Otherwise the hub stays as long as the task does.
 */
export function hubCreator({ terminal, stdin, fifoDir, ...rest }: HubStreams): Creator {
  return async (id, { signal } = {}) => {
    signal?.throwIfAborted();
    const fifos = await newFIFOSetInDir(fifoDir, id, terminal);
    try {
      const config: Config = { ...fifos.config, stdin: stdin ? fifos.config.stdin : "" };
      if (!stdin) await unlink(fifos.config.stdin);
      removeLog(rest.log); // the name was free: it is of a task that is gone
      const hub = await startHub({ ...rest, id, config });
      const close = async () => {
        await hub.abandon();
        await fifos.close(); // where it could not
      };
      return newIO({ config, close });
    } catch (error) {
      await fifos.close();
      removeLog(rest.log);
      throw error;
    }
  };
}
