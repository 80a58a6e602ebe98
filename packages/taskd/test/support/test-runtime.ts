import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import {
  Containers,
  Events,
  Introspection,
  Namespaces,
  packJSON,
  Tasks,
  typeURL,
  Version,
} from "@taskio/containerd/proto";
import type { Config } from "@taskio/core";
import { readdirSync, readlinkSync } from "node:fs";
import { createConnection } from "node:net";
import { ensureTaskd, type EnsureTaskdOptions } from "../../src/index.ts";
import { processIdentity } from "../../src/process/proc.ts";
import { tempFolder, until } from "@taskio/test-support";

export const nullConfig: Config = { terminal: false, stdin: "", stdout: "", stderr: "" };

/** What the tests' processes find their commands by. */
export const env = ["PATH=/usr/local/bin:/usr/bin:/bin"];

/** Clients of one server, in the namespace of the tests. */
export function connect(address: string, namespace = "test") {
  const manager = new Http2SessionManager("http://taskd", undefined, {
    // a runtime that is killed resets it
    createConnection: () => createConnection(address).on("error", () => {}),
  });
  const transport = createGrpcTransport({
    baseUrl: "http://taskd",
    sessionManager: manager,
    interceptors: [
      (next) => (request) => {
        if (namespace) request.header.set("containerd-namespace", namespace);
        return next(request);
      },
    ],
  });
  return {
    containers: createClient(Containers, transport),
    events: createClient(Events, transport),
    introspection: createClient(Introspection, transport),
    namespaces: createClient(Namespaces, transport),
    tasks: createClient(Tasks, transport),
    version: createClient(Version, transport),
    close: () => manager.abort(),
  };
}

/** A runtime in a folder of its own; its end ends its tasks too. */
export class TestRuntime implements AsyncDisposable {
  readonly folder = tempFolder();
  readonly pids = new Set<number>();
  address = "";
  pid = 0;
  clients!: ReturnType<typeof connect>;

  static async start(options: EnsureTaskdOptions = {}): Promise<TestRuntime> {
    const runtime = new TestRuntime();
    await runtime.ensure(options);
    return runtime;
  }

  get dir(): string {
    return this.folder.file("run");
  }

  get tasks(): Client<typeof Tasks> {
    return this.clients.tasks;
  }

  get containers(): Client<typeof Containers> {
    return this.clients.containers;
  }

  /** Starts it, also anew after it was killed. */
  async ensure(options: EnsureTaskdOptions = {}): Promise<void> {
    this.clients?.close();
    this.address = (await ensureTaskd({ dir: this.dir, ...options })).address;
    this.clients = connect(this.address);
    this.pid = Number((await this.clients.introspection.server({})).pid);
    this.pids.add(this.pid);
  }

  async container(id: string, args: string[], process: object = {}): Promise<void> {
    const spec = packJSON(typeURL.spec, {
      ociVersion: "1.0.2",
      process: { args, env, cwd: "/", ...process },
    });
    await this.containers.create({ container: { id, runtime: { name: "taskd" }, spec } });
  }

  /** A container with a task that is created, not started. */
  async task(id: string, args: string[], config = nullConfig, process: object = {}): Promise<void> {
    const terminal = config.terminal ? { terminal: true } : {};
    await this.container(id, args, { ...terminal, ...process });
    await this.tasks.create({ containerId: id, ...config });
  }

  async start(containerId: string, execId = ""): Promise<number> {
    return (await this.tasks.start({ containerId, execId })).pid;
  }

  async exec(
    containerId: string,
    execId: string,
    args: string[],
    config: Config = nullConfig,
    process: object = {},
  ): Promise<void> {
    const { terminal } = config;
    const value = { args, env, cwd: "/", terminal, ...process };
    const spec = packJSON(typeURL.process, value);
    await this.tasks.exec({ containerId, execId, ...config, spec });
  }

  async wait(containerId: string, execId = ""): Promise<number> {
    return (await this.tasks.wait({ containerId, execId })).exitStatus;
  }

  /** Ends a task whatever its state, and deletes it and its container. */
  async remove(containerId: string): Promise<void> {
    await this.tasks.kill({ containerId, signal: 9, all: true }).catch(() => {});
    await this.tasks.wait({ containerId }).catch(() => {});
    await this.tasks.delete({ containerId }).catch(() => {});
    await this.containers.delete({ id: containerId }).catch(() => {});
  }

  /** The files that the runtime has open. */
  fds(): string[] {
    const folder = `/proc/${this.pid}/fd`;
    const names = readdirSync(folder).map((name) => {
      try {
        return readlinkSync(`${folder}/${name}`);
      } catch {
        return "";
      }
    });
    return names.filter((name) => name && !name.startsWith("socket:")).sort();
  }

  /** Ends the runtime itself and waits for its end; its tasks may go on. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const identity = processIdentity(this.pid);
    process.kill(this.pid, signal);
    await until(() => processIdentity(this.pid) !== identity, `${signal} ends the runtime`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.clients) return this.folder[Symbol.dispose]();
    const { tasks } = await this.tasks.list({}).catch(() => ({ tasks: [] }));
    for (const { id } of tasks) await this.remove(id);
    this.clients.close();
    if (processIdentity(this.pid)) await this.signal("SIGTERM");
    this.folder[Symbol.dispose]();
  }
}
