import { checkAbsolute, checkText, invalidArgument } from "./invalid-argument.ts";
import { mergeEnv } from "./merge-env.ts";
import { processOf, type SpecOpt } from "./spec-opt.ts";

/**
 * What runs: a command and its arguments, in place of those before. Go: `oci.WithProcessArgs`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` without a command
 *
 * @example
 * ```ts
 * import { newSpec, withProcessArgs } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withProcessArgs("nginx", "-g", "daemon off;"));
 * console.log(spec.process?.args[0]); // nginx
 * ```
 */
export function withProcessArgs(...args: readonly string[]): SpecOpt {
  if (!args[0]) throw invalidArgument("no command to run: give its name and its arguments");
  for (const arg of args) checkText(arg, "argument");
  return (spec) => {
    processOf(spec).args = args;
  };
}

/**
 * Variables of its environment, which replace those of the same name; a name alone removes one. Go:
 * `oci.WithEnv`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withEnv } from "@taskio/containerd";
 *
 * const container = { id: "web", namespace: "default" };
 * const spec = newSpec(container, withEnv(["A=1", "B=2", "C=3"]), withEnv(["B=two", "C"]));
 * console.log(spec.process?.env); // [ "A=1", "B=two" ]
 * ```
 */
export function withEnv(variables: readonly string[]): SpecOpt {
  for (const variable of variables) {
    checkText(variable, "variable");
    if (/^(=|$)/.test(variable)) {
      throw invalidArgument(`invalid variable ${JSON.stringify(variable)}: give it as NAME=value`);
    }
  }
  return (spec) => {
    const process = processOf(spec);
    process.env = mergeEnv(process.env ?? [], variables);
  };
}

/** The PATH of an image that has none, and of a container without an image. */
export const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The usual PATH, so that a command is found by its name. Go: `oci.WithDefaultPathEnv`.
 *
 * @example
 * ```ts
 * import { newSpec, withDefaultPathEnv } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withDefaultPathEnv);
 * console.log(spec.process?.env); // [ "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" ]
 * ```
 */
export const withDefaultPathEnv: SpecOpt = withEnv([defaultPath]);

/**
 * The folder that it starts in. Go: `oci.WithProcessCwd`.
 *
 * @param cwd an absolute path in the container
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withProcessCwd } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withProcessCwd("/srv"));
 * console.log(spec.process?.cwd); // /srv
 * ```
 */
export function withProcessCwd(cwd: string): SpecOpt {
  checkAbsolute(cwd, "working directory");
  return (spec) => {
    processOf(spec).cwd = cwd;
  };
}

/**
 * What root may do in it, in place of the 14 capabilities that it has by default. Go:
 * `oci.WithCapabilities`.
 *
 * @param names such as `CAP_NET_ADMIN`; none for no rights at all
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withCapabilities } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withCapabilities(["CAP_NET_BIND_SERVICE"]));
 * console.log(spec.process?.capabilities?.bounding); // [ "CAP_NET_BIND_SERVICE" ]
 * ```
 */
export function withCapabilities(names: readonly string[]): SpecOpt {
  const wrong = names.find((name) => !/^CAP_[A-Z_]+$/.test(name));
  if (wrong !== undefined) {
    throw invalidArgument(
      `invalid capability ${JSON.stringify(wrong)}: give a name such as "CAP_NET_ADMIN"`,
    );
  }
  return (spec) => {
    processOf(spec).capabilities = { bounding: names, effective: names, permitted: names };
  };
}
