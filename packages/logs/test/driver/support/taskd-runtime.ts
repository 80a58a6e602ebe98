import { type Client, connect, type Process, type Task } from "@taskio/containerd";
import { type Creator, nullIO } from "@taskio/core";
import { logURI, terminalLogURI } from "@taskio/log-file";
import { ensureTaskd } from "@taskio/taskd";
import { type TempFolder, tempFolder, until } from "@taskio/test-support";
import { newId } from "./new-id.ts";
import type { Ran, TestedRuntime } from "./tested-runtime.ts";

const env = ["PATH=/usr/local/bin:/usr/bin:/bin"];

/** The embedded runtime, by a client of this process. */
export class TaskdRuntime implements TestedRuntime {
  readonly namespace = "test";
  readonly rootfs = "/";
  readonly hasV2 = true;
  readonly client: Client;
  readonly #folder: TempFolder;

  private constructor(client: Client, folder: TempFolder) {
    this.client = client;
    this.#folder = folder;
  }

  static async start(): Promise<TaskdRuntime> {
    const folder = tempFolder();
    const { address } = await ensureTaskd({ dir: folder.file("run") });
    return new TaskdRuntime(await connect({ address, namespace: "test" }), folder);
  }

  run(uri: string, script: string): Promise<Ran> {
    return this.#ran((id) => this.#task(id, logURI(uri), shell(script)));
  }

  /** As `run`, with a terminal. */
  runTerminal(uri: string, script: string): Promise<Ran> {
    return this.#ran((id) => this.#task(id, terminalLogURI(uri), shell(script), true));
  }

  async exec(uri: string, script: string): Promise<Ran> {
    await using task = await this.#task(newId(), nullIO, ["sleep", "60"]);
    await task.start();
    const process = { args: shell(script), env, cwd: "/" };
    return await this.#ran((id) => task.exec(id, { process, creator: logURI(uri) }));
  }

  /** A container that has no task. */
  async container(args: readonly string[], terminal = false, id = newId()): Promise<string> {
    const process = { args, env, cwd: "/", terminal, user: { uid: 0, gid: 0 } };
    const spec = { ociVersion: "1.0.2", process, root: { path: "/" } };
    await this.client.containers.create({ id, runtime: "taskd", spec });
    return id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = await this.client.introspection.server();
    await this.client[Symbol.asyncDispose]();
    process.kill(pid!, "SIGTERM");
    await until(() => !isRunning(pid!), "the end of the runtime");
    this.#folder[Symbol.dispose]();
  }

  async #task(
    id: string,
    creator: Creator,
    args: readonly string[],
    terminal = false,
  ): Promise<Task> {
    return this.client.createTask(await this.container(args, terminal, id), { creator });
  }

  async #ran(make: (id: string) => Promise<Process>): Promise<Ran> {
    const id = newId();
    try {
      await using process = await make(id);
      await process.start();
      await process.wait();
      return { id, exitCode: (await process.delete()).exitCode, error: "" };
    } catch (error) {
      return { id, exitCode: -1, error: String(error) };
    }
  }
}

function shell(script: string): string[] {
  return ["sh", "-c", script];
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
