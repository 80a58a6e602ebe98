/** What containerd, runc and the embedded runtime put before a cause, and what says that it failed too. */
const again = [
  "failed to create shim task",
  "OCI runtime (?:create|exec) failed",
  "(?:runc create|exec) failed",
  "failed to start",
  "unable to start (?:the|container) process",
  "error during container init(?=: exec: )",
].join("|");
const failed = new RegExp(
  `^(failed to (?:create|start) .+?": )(?:(?:${again}): )+(.*?)(?:: unknown)?$`,
);

/** A failed start that says so once: each layer says it again. The path is also named by the call. */
export function causesOnce(message: string): string {
  return message.replace(failed, "$1$2").replace(/(\bexec: "(.+?)": )stat \2: /, "$1");
}
