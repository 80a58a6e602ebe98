import { globalArgs, type GlobalOptions } from "../cli/global-options.ts";

/** What a command has to reach: a `Runtime`, or its client in another namespace. */
export interface Reached {
  readonly options: GlobalOptions;
  readonly client: { readonly namespace: string };
}

/** Quotes a command of another client of containerd, for the same runtime and namespace. */
export function foreignCommand(
  program: "ctr" | "nerdctl",
  words: string,
  { options: { address }, client: { namespace } }: Reached,
): string {
  return `"${program}${globalArgs({ ...(address && { address }), namespace })} ${words}"`;
}
