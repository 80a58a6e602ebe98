import type { ImageConfig } from "./image-config.ts";
import { checkAbsolute } from "./invalid-argument.ts";
import { mergeEnv } from "./merge-env.ts";
import { processOf, type SpecOpt } from "./spec-opt.ts";
import { defaultPath } from "./with-process.ts";
import { withOwnGroups, withUser } from "./with-user.ts";

/**
 * What an image says of its containers: command, environment (below what was set before), folder and
 * user. Go: `oci.WithImageConfigArgs`.
 *
 * @param config of the `inspect` of `client.images`
 * @param args in place of the image's `Cmd`; its entrypoint stays
 * @throws TaskIOError `INVALID_ARGUMENT`; as the spec is made what {@link withUser} throws
 *
 * @example
 * ```ts
 * import { newSpec, withImageConfig } from "@taskio/containerd";
 *
 * const config = { Entrypoint: ["/entry"], Cmd: ["serve"], Env: ["PATH=/bin"], User: "33:33" };
 * const spec = newSpec({ id: "web", namespace: "default" }, withImageConfig(config, ["check"]));
 * console.log(spec.process?.args); // [ "/entry", "check" ]
 * ```
 */
export function withImageConfig(config: ImageConfig, args: readonly string[] = []): SpecOpt {
  const cwd = config.WorkingDir || "/";
  checkAbsolute(cwd, "working directory of the image");
  const env = config.Env?.length ? config.Env : [defaultPath];
  const user = config.User ? withUser(config.User) : undefined;
  return (spec, container) => {
    const process = processOf(spec);
    process.env = mergeEnv(env, process.env ?? []);
    process.args = [...(config.Entrypoint ?? []), ...(args.length > 0 ? args : (config.Cmd ?? []))];
    process.cwd = cwd;
    user?.(spec, container);
    withOwnGroups(spec, container);
  };
}
