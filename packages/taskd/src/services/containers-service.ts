import { clone } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  type Container,
  ContainerCreateSchema,
  ContainerDeleteSchema,
  type Containers,
  ContainerSchema,
  ContainerUpdateSchema,
  packAny,
} from "@taskio/containerd/proto";
import { validateID } from "@taskio/core";
import { containerField } from "../filter/container-field.ts";
import { parseFilters } from "../filter/parse-filters.ts";
import type { Runtime } from "../runtime.ts";
import { applyContainerMask } from "./apply-container-mask.ts";
import { namespaceOf } from "./namespace-of.ts";

/** The containers of the runtime, by containerd's service. */
export function containersService({
  containers,
  events,
  tasks,
}: Runtime): ServiceImpl<typeof Containers> {
  const get = (id: string, context: HandlerContext): Container => {
    const found = containers.get(namespaceOf(context), id);
    if (found) return found;
    throw new ConnectError(`container "${id}" not found`, Code.NotFound);
  };
  const list = (filters: readonly string[], context: HandlerContext): Container[] => {
    const matches = parseFilters(filters);
    const all = containers.list(namespaceOf(context));
    return all.filter((container) => matches(containerField(container)));
  };

  return {
    async get({ id }, context) {
      return { container: get(id, context) };
    },

    async list({ filters }, context) {
      return { containers: list(filters, context) };
    },

    async *listStream({ filters }, context) {
      for (const container of list(filters, context)) yield { container };
    },

    async create(request, context) {
      const namespace = namespaceOf(context);
      const container = clone(ContainerSchema, required(request.container));
      const { id, image, runtime } = container;
      validateID(id);
      if (!runtime?.name)
        throw new ConnectError("container.runtime.name is required", Code.InvalidArgument);
      if (containers.get(namespace, id)) {
        throw new ConnectError(`container "${id}" already exists`, Code.AlreadyExists);
      }
      container.createdAt = container.updatedAt = timestampNow();
      containers.set(namespace, container);
      const event = { id, image, runtime: { name: runtime.name, options: runtime.options } };
      events.publish(namespace, "/containers/create", packAny(ContainerCreateSchema, event));
      return { container };
    },

    async update(request, context) {
      const namespace = namespaceOf(context);
      const given = required(request.container);
      const container = clone(ContainerSchema, get(given.id, context));
      applyContainerMask(container, given, request.updateMask?.paths ?? []);
      container.updatedAt = timestampNow();
      containers.set(namespace, container);
      const { id, image, labels, snapshotKey } = container;
      const event = { id, image, labels, snapshotKey };
      events.publish(namespace, "/containers/update", packAny(ContainerUpdateSchema, event));
      return { container };
    },

    async delete({ id }, context) {
      const namespace = namespaceOf(context);
      get(id, context);
      if (tasks.has(namespace, id)) {
        throw new ConnectError(
          `cannot delete container "${id}": delete its task first`,
          Code.FailedPrecondition,
        );
      }
      containers.delete(namespace, id);
      events.publish(namespace, "/containers/delete", packAny(ContainerDeleteSchema, { id }));
      return {};
    },
  };
}

function required(container: Container | undefined): Container {
  if (container) return container;
  throw new ConnectError("container is required", Code.InvalidArgument);
}
