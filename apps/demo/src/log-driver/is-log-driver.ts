/** Whether a runtime has started this program as a log driver: keys and values come as arguments, in any order. */
export function isLogDriver(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (!env.CONTAINER_ID || !env.CONTAINER_NAMESPACE) return false;
  return args.some((arg, at) => at % 2 === 0 && arg === "log-driver");
}
