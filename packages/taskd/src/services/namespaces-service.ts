import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { Namespace, Namespaces } from "@taskio/containerd/proto";
import { validateID } from "@taskio/core";
import type { Runtime } from "../runtime.ts";
import { replace } from "./apply-container-mask.ts";

/** The namespaces of the runtime, by containerd's service. */
export function namespacesService({ namespaces }: Runtime): ServiceImpl<typeof Namespaces> {
  const message = (name: string) => ({ name, labels: { ...namespaces.labels(name) } });
  return {
    async get({ name }) {
      return { namespace: message(name) };
    },

    async list() {
      return { namespaces: namespaces.list().map(message) };
    },

    async create(request) {
      const { labels, name } = required(request.namespace);
      validateID(name);
      namespaces.create(name, labels);
      return { namespace: message(name) };
    },

    async update(request) {
      const { labels, name } = required(request.namespace);
      const paths = request.updateMask?.paths ?? [];
      const changed = { ...namespaces.labels(name) };
      for (const path of paths) {
        if (!path.startsWith("labels.")) {
          throw new ConnectError(`cannot update the field "${path}"`, Code.InvalidArgument);
        }
        replace(changed, labels, path.slice("labels.".length));
      }
      namespaces.set(name, paths.length > 0 ? changed : labels);
      return { namespace: message(name) };
    },

    async delete({ name }) {
      namespaces.delete(name);
      return {};
    },
  };
}

function required(namespace: Namespace | undefined): Namespace {
  if (namespace) return namespace;
  throw new ConnectError("namespace is required", Code.InvalidArgument);
}
