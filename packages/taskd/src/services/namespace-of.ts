import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { validateID } from "@taskio/core";

/** The namespace that a call is about, from its header. */
export function namespaceOf(context: HandlerContext): string {
  const namespace = context.requestHeader.get("containerd-namespace");
  if (!namespace) {
    throw new ConnectError("namespace is required: failed precondition", Code.FailedPrecondition);
  }
  validateID(namespace);
  return namespace;
}
