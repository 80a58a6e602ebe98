import type { Transport } from "@connectrpc/connect";

/**
 * A transport whose calls are made under a lease: what they make is kept until it ends.
 *
 * @param refuse throws where no call is to be made any more
 */
export function leaseTransport(transport: Transport, lease: string, refuse: () => void): Transport {
  const under = (given: ConstructorParameters<typeof Headers>[0]) => {
    refuse();
    const header = new Headers(given);
    header.set("containerd-lease", lease);
    return header;
  };
  return {
    unary: async (method, signal, timeoutMs, header, input, values) =>
      transport.unary(method, signal, timeoutMs, under(header), input, values),
    stream: async (method, signal, timeoutMs, header, input, values) =>
      transport.stream(method, signal, timeoutMs, under(header), input, values),
  };
}
