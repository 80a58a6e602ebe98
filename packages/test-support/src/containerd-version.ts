/** The version of a containerd, such as `1.6.20` or `2.3.4`. */
export function containerdVersion(containerd: string): string {
  const printed = Bun.spawnSync([containerd, "--version"]).stdout.toString();
  const [, version] = / v?(\d+\.\d+\.\d+)/.exec(printed) ?? [];
  if (!version) throw new Error(`${containerd} --version prints no version but "${printed}"`);
  return version;
}
