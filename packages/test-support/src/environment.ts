import { delimiter } from "node:path";

/** This process's environment with other folders first on `$PATH`, and no settings of containerd. */
export function environment(path: readonly string[]): Record<string, string> {
  const {
    CONTAINERD_ADDRESS: _,
    CONTAINERD_NAMESPACE: __,
    NOTIFY_SOCKET: ___,
    ...env
  } = process.env;
  const rest = env["PATH"] ? [env["PATH"]] : [];
  return { ...env, PATH: [...path, ...rest].join(delimiter) } as Record<string, string>;
}
