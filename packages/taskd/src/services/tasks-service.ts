import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type Process,
  ProcessSchema,
  Status,
  type Tasks,
  unpackJSON,
} from "@taskio/containerd/proto";
import type { Config } from "@taskio/core";
import { sessionMembers } from "../process/proc.ts";
import { newProcessRecord, type ProcessRecord } from "../process/process-record.ts";
import { parseProcess } from "../process/process-spec.ts";
import type { Runtime } from "../runtime.ts";
import type { Task } from "../task.ts";
import { timestamp } from "../timestamp.ts";
import { namespaceOf } from "./namespace-of.ts";

const highestSignal = 64;

/** The tasks of the runtime, by containerd's service. What is not here is answered as unimplemented. */
export function tasksService({
  containers,
  taskEvents,
  tasks,
}: Runtime): Partial<ServiceImpl<typeof Tasks>> {
  const taskOf = (request: { containerId: string }, context: HandlerContext) =>
    tasks.get(namespaceOf(context), request.containerId);
  const processOf = (request: { containerId: string; execId: string }, context: HandlerContext) =>
    taskOf(request, context).process(request.execId);

  return {
    async create(request, context) {
      const { checkpoint, containerId, rootfs } = request;
      const namespace = namespaceOf(context);
      const container = containers.get(namespace, containerId);
      if (!container) throw new ConnectError(`container "${containerId}" not found`, Code.NotFound);
      if (checkpoint) throw unimplemented("checkpoints");
      if (rootfs.length > 0) throw unimplemented("root filesystems: processes run on the host");
      const { process } = (unpackJSON(container.spec) ?? {}) as { process?: unknown };
      const record = newRecord(containerId, configOf(request), process);
      await tasks.create(namespace, record);
      return { containerId };
    },

    async start(request, context) {
      const task = taskOf(request, context);
      const pid = task.process(request.execId).start();
      taskEvents.start(task, request.execId, pid);
      return { pid };
    },

    async delete({ containerId }, context) {
      return deleteResponse(await tasks.delete(namespaceOf(context), containerId));
    },

    async deleteProcess(request, context) {
      if (request.execId === "")
        throw new ConnectError("exec_id is required", Code.InvalidArgument);
      return deleteResponse(await taskOf(request, context).deleteExec(request.execId));
    },

    async get(request, context) {
      const { record } = processOf(request, context);
      return { process: processMessage(record, request.execId ? request.containerId : "") };
    },

    async list(_, context) {
      const all = tasks.list(namespaceOf(context));
      return { tasks: all.map((task) => processMessage(task.process("").record, "")) };
    },

    async kill(request, context) {
      const { all, signal } = request;
      if (signal > highestSignal)
        throw new ConnectError(`no signal ${signal}`, Code.InvalidArgument);
      processOf(request, context).kill(signal, all);
      return {};
    },

    async exec(request, context) {
      const task = taskOf(request, context);
      await task.exec(newRecord(request.execId, configOf(request), unpackJSON(request.spec)));
      taskEvents.execAdded(task, request.execId);
      return {};
    },

    async resizePty(request, context) {
      processOf(request, context).resize(request);
      return {};
    },

    async closeIO(request, context) {
      const process = processOf(request, context);
      if (request.stdin) process.closeStdin();
      return {};
    },

    async listPids(request, context) {
      return { processes: pidsOf(taskOf(request, context)).map((pid) => ({ pid })) };
    },

    async wait(request, context) {
      const process = processOf(request, context);
      await process.exited;
      const { exitedAt, exitStatus } = process.record;
      return { exitStatus, exitedAt: timestamp(exitedAt) };
    },
  };
}

interface StreamFields {
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly terminal: boolean;
}

function configOf({ stdin, stdout, stderr, terminal }: StreamFields): Config {
  return { terminal, stdin, stdout, stderr };
}

/** The request decides about the terminal, the spec must agree: as runc has it. */
function newRecord(id: string, config: Config, process: unknown): ProcessRecord {
  const spec = parseProcess(process);
  if (spec.terminal === config.terminal) return newProcessRecord(id, config, spec);
  throw new ConnectError(
    `the spec's process.terminal is ${spec.terminal}, the request's terminal is ${config.terminal}: give both alike`,
    Code.InvalidArgument,
  );
}

function pidsOf(task: Task): number[] {
  const leaders = task.processes
    .map(({ record }) => record)
    .filter(({ status }) => status === "running");
  return leaders.flatMap(({ pid }) => sessionMembers(pid));
}

/** An init process has no container id, as in containerd. */
function processMessage(record: ProcessRecord, containerId: string): Process {
  const { config, exitedAt, exitStatus, id, pid } = record;
  return create(ProcessSchema, {
    containerId,
    id,
    pid,
    status: statusOf(record),
    ...config,
    exitStatus,
    exitedAt: timestamp(exitedAt),
  });
}

function statusOf({ status }: ProcessRecord): Status {
  if (status === "created") return Status.CREATED;
  return status === "stopped" ? Status.STOPPED : Status.RUNNING;
}

function deleteResponse({ exitedAt, exitStatus, id, pid }: ProcessRecord) {
  return { id, pid, exitStatus, exitedAt: timestamp(exitedAt) };
}

function unimplemented(what: string): ConnectError {
  return new ConnectError(`this runtime has no ${what}`, Code.Unimplemented);
}
