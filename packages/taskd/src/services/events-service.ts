import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { Events } from "@taskio/containerd/proto";
import { eventField } from "../filter/event-field.ts";
import { parseFilters } from "../filter/parse-filters.ts";
import type { Runtime } from "../runtime.ts";
import { namespaceOf } from "./namespace-of.ts";

/** Events as they happen, by containerd's service. */
export function eventsService({ events }: Runtime): ServiceImpl<typeof Events> {
  return {
    async publish({ event, topic }, context) {
      events.publish(namespaceOf(context), topic, event ?? create(AnySchema));
      return {};
    },

    async forward({ envelope }) {
      if (!envelope) throw new ConnectError("envelope is required", Code.InvalidArgument);
      events.forward(envelope);
      return {};
    },

    subscribe({ filters }, { signal }) {
      const matches = parseFilters(filters);
      return events.subscribe((envelope) => matches(eventField(envelope)), signal);
    },
  };
}
