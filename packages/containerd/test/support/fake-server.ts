import { rmSync } from "node:fs";
import { createServer, type Http2Server } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { type Client, connect, type ConnectOptions } from "../../src/index.ts";
import { Containers, packJSON, Status, Tasks, typeURL, Version } from "../../src/proto.ts";

type TaskCalls = Partial<ServiceImpl<typeof Tasks>>;

/** A server that answers as containerd does, writes down what was called, and may be told otherwise. */
export interface FakeServer extends AsyncDisposable {
  readonly address: string;
  /** The methods in the order of their calls, an exec's with its id: `Start e1`. */
  readonly calls: string[];
  readonly namespaces: Set<string>;
  /** Ends the process `id`: answers its Wait. */
  exit(id: string, exitStatus?: number): void;
  connect(options?: ConnectOptions): Promise<Client>;
}

/** What a test wants otherwise. */
export interface FakeOptions {
  readonly tasks?: TaskCalls;
  readonly terminal?: boolean;
  readonly address?: string;
  readonly services?: Parameters<typeof connectNodeAdapter>[0]["routes"];
}

interface FakeProcess {
  readonly exit: PromiseWithResolvers<number>;
  status: Status;
  exitStatus: number;
  config: { stdin: string; stdout: string; stderr: string; terminal: boolean };
}

export async function startFakeServer(options: FakeOptions = {}): Promise<FakeServer> {
  const address = options.address ?? join(tmpdir(), `taskio-fake-${crypto.randomUUID()}`);
  const calls: string[] = [];
  const namespaces = new Set<string>();
  const processes = new Map<string, FakeProcess>();
  const tasks = record(calls, { ...fakeTasks(processes), ...options.tasks });

  const server = createServer(
    connectNodeAdapter({
      routes(router) {
        router.service(Tasks, tasks);
        router.service(Containers, fakeContainers(options.terminal ?? false));
        router.service(Version, { version: () => ({ version: "1.0", revision: "r" }) });
        options.services?.(router);
      },
      interceptors: [
        (next) => (request) => {
          namespaces.add(request.header.get("containerd-namespace") ?? "");
          return next(request);
        },
      ],
    }),
  );
  await new Promise<void>((resolve) => server.listen(address, resolve));
  return {
    address,
    calls,
    namespaces,
    exit(id, exitStatus = 0) {
      const process = processes.get(id)!;
      process.status = Status.STOPPED;
      process.exitStatus = exitStatus;
      process.exit.resolve(exitStatus);
    },
    connect: (options) => connect({ address, ...options }),
    [Symbol.asyncDispose]: () => close(server, address),
  };
}

/** One call after another, as in the runtime; `id` is the exec's, else the container's. */
function fakeTasks(processes: Map<string, FakeProcess>): TaskCalls {
  const find = ({ containerId, execId }: { containerId: string; execId?: string }) => {
    const process = processes.get(execId || containerId);
    if (process) return process;
    throw new ConnectError(`process does not exist ${execId || containerId}`, Code.NotFound);
  };
  const add = (id: string, config: FakeProcess["config"]) => {
    if (processes.has(id)) throw new ConnectError(`${id}: already exists`, Code.AlreadyExists);
    const { stdin, stdout, stderr, terminal } = config;
    processes.set(id, {
      exit: Promise.withResolvers(),
      status: Status.CREATED,
      exitStatus: 0,
      config: { stdin, stdout, stderr, terminal },
    });
  };
  const remove = (name: { containerId: string; execId?: string }) => {
    const { exitStatus } = find(name);
    processes.delete(name.execId || name.containerId);
    return { id: name.execId || name.containerId, exitStatus };
  };
  return {
    create(request) {
      add(request.containerId, request);
      return { containerId: request.containerId, pid: 42 };
    },
    exec(request) {
      add(request.execId, request);
      return {};
    },
    start(request) {
      find(request).status = Status.RUNNING;
      return { pid: 42 };
    },
    async wait(request) {
      return { exitStatus: await find(request).exit.promise };
    },
    get(request) {
      const { status, exitStatus, config } = find(request);
      const id = request.execId || request.containerId;
      return { process: { id, pid: 42, status, exitStatus, ...config } };
    },
    kill(request) {
      const process = find(request);
      process.status = Status.STOPPED;
      process.exitStatus = 128 + request.signal;
      process.exit.resolve(process.exitStatus);
      return {};
    },
    closeIO: () => ({}),
    resizePty: () => ({}),
    delete: (request) => remove(request),
    deleteProcess: (request) => remove(request),
  };
}

/** Every container exists but "unknown". */
function fakeContainers(terminal: boolean): Partial<ServiceImpl<typeof Containers>> {
  const process = { args: ["true"], cwd: "/", terminal };
  return {
    get({ id }) {
      if (id === "unknown") throw new ConnectError(`container "${id}": not found`, Code.NotFound);
      return { container: { id, spec: packJSON(typeURL.spec, { ociVersion: "1.0.2", process }) } };
    },
  };
}

function record(calls: string[], implementation: TaskCalls): TaskCalls {
  return Object.fromEntries(
    Object.entries(implementation).map(([name, run]) => [
      name,
      (request: { execId?: string }, context: unknown) => {
        const method = name[0]!.toUpperCase() + name.slice(1);
        calls.push(request.execId ? `${method} ${request.execId}` : method);
        return (run as (request: unknown, context: unknown) => unknown)(request, context);
      },
    ]),
  ) as TaskCalls;
}

async function close(server: Http2Server, address: string): Promise<void> {
  server.close();
  rmSync(address, { force: true });
}
