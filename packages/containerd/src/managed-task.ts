import { unpackAny } from "./any.ts";
import type { Cancellable } from "./cancellable.ts";
import { type ExecOptions, execProcess } from "./exec-process.ts";
import { type LoadOptions, loadProcess } from "./load-process.ts";
import { ManagedProcess } from "./managed-process.ts";
import type { Process } from "./process.ts";
import type { ProcessInfo, Task } from "./task.ts";

/** A task: an init process, and calls about its container. */
export class ManagedTask extends ManagedProcess implements Task {
  exec(execId: string, options: ExecOptions): Promise<Process> {
    return execProcess(this.rpc, this.containerId, execId, options);
  }

  async loadExec(execId: string, options?: LoadOptions): Promise<Process> {
    const name = { containerId: this.containerId, execId };
    return new ManagedProcess(await loadProcess(this.rpc, name, options));
  }

  async pids({ signal }: Cancellable = {}): Promise<ProcessInfo[]> {
    const call = { doing: `list the processes of the task "${this.id}"`, signal };
    const request = { containerId: this.containerId };
    const { ProcessDetailsSchema } = await import("./gen/containerd/types/runc/options/oci_pb.ts");
    const { processes } = await this.rpc.call(call, (o) => this.rpc.tasks.listPids(request, o));
    return processes.map(({ pid, info }) => {
      const execId = unpackAny(ProcessDetailsSchema, info)?.execId;
      return execId ? { pid, execId } : { pid };
    });
  }

  async pause({ signal }: Cancellable = {}): Promise<void> {
    const call = { doing: `pause the task "${this.id}"`, signal };
    const request = { containerId: this.containerId };
    await this.rpc.call(call, (o) => this.rpc.tasks.pause(request, o));
  }

  async resume({ signal }: Cancellable = {}): Promise<void> {
    const call = { doing: `resume the task "${this.id}"`, signal };
    const request = { containerId: this.containerId };
    await this.rpc.call(call, (o) => this.rpc.tasks.resume(request, o));
  }
}
