import { terminalType } from "./terminal-type.ts";

/** What a process of this system can't do well without. `*` stands for the rest of a name. */
export const passedOn: readonly string[] =
  "PATH HOME USER LOGNAME SHELL LANG LANGUAGE LC_* TZ TMPDIR XDG_RUNTIME_DIR SSL_CERT_FILE".split(
    " ",
  );
const isPassedOn = new RegExp(`^(${passedOn.join("|").replace("*", ".*")})$`);
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment that a task starts with: not all of ours, as a container's isn't either. */
export function baseEnv(
  { terminal }: { readonly terminal: boolean },
  ours: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const names = Object.keys(ours).filter((name) => isPassedOn.test(name));
  return [
    ...(ours.PATH ? [] : [`PATH=${defaultPath}`]),
    ...(terminal ? [terminalType(ours)] : []),
    ...names.map((name) => `${name}=${ours[name]}`),
  ];
}
