import type { Cancellable } from "./cancellable.ts";
import type { RPC } from "./rpc.ts";

/** Which server answers. */
export interface ServerInfo {
  /** Stays the same over restarts. */
  readonly uuid: string;
  /** Undefined before containerd 1.7. */
  readonly pid: number | undefined;
  /** What was used here and will go, in the server's words. */
  readonly deprecations: readonly string[];
}

/** A part of the server. */
export interface Plugin {
  /** Such as `io.containerd.snapshotter.v1`. */
  readonly type: string;
  readonly id: string;
  readonly capabilities: readonly string[];
  readonly exports: Readonly<Record<string, string>>;
  /** Why it is not there, if it is not. */
  readonly error: string | undefined;
}

/** What the server is made of. Calls throw TaskIOErrors. */
export interface Introspection {
  server(options?: Cancellable): Promise<ServerInfo>;
  /** @param options.filters any of them may match, such as `type~=runtime`; all without one */
  plugins(options?: Cancellable & { readonly filters?: readonly string[] }): Promise<Plugin[]>;
}

/** What a server says of itself. */
export function introspectionOf(rpc: RPC): Introspection {
  return {
    async server({ signal } = {}) {
      const call = { doing: "ask the server about itself", signal };
      const server = await rpc.call(call, async (o) => (await rpc.introspection()).server({}, o));
      return {
        uuid: server.uuid,
        pid: Number(server.pid) || undefined,
        deprecations: server.deprecations.map(({ message }) => message),
      };
    },
    async plugins({ filters = [], signal } = {}) {
      const call = { doing: "list the server's plugins", signal };
      const request = { filters: [...filters] };
      const { plugins } = await rpc.call(call, async (o) =>
        (await rpc.introspection()).plugins(request, o),
      );
      return plugins.map(({ type, id, capabilities, exports, initErr }) => ({
        type,
        id,
        capabilities,
        exports,
        error: initErr?.message,
      }));
    },
  };
}
