/** What an image, or one of several in an index, is made for: in Go's words. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Go's words for Bun's, where they differ. */
const architectures: Record<string, string> = { x64: "amd64", ia32: "386" };

/** The platform of this machine. */
export function hostPlatform(): Platform {
  return { os: "linux", architecture: architectures[process.arch] ?? process.arch };
}

/** Variants that run on any machine of an architecture, the best first. */
const variants: Record<string, readonly string[]> = {
  amd64: ["v1"],
  arm64: ["v8"],
  arm: ["v7", "v6", "v5"],
};

/** The best of several for a platform, undefined where none suits; one that doesn't say may suit. */
export function selectPlatform<T extends { readonly platform?: Platform | undefined }>(
  choices: readonly T[],
  wanted: Platform,
): T | undefined {
  const order = ["", ...(variants[wanted.architecture] ?? [])];
  const rank = ({ platform }: T) =>
    platform ? order.indexOf(platform.variant ?? "") : order.length;
  return choices
    .filter(({ platform }) => !platform || suits(platform, wanted))
    .filter((choice) => rank(choice) >= 0)
    .sort((a, b) => rank(a) - rank(b))[0];
}

/** Whether what is made for one platform is for a machine of the other. */
export function suits({ os, architecture }: Platform, wanted: Platform): boolean {
  return os === wanted.os && architecture === wanted.architecture;
}

/** In one word, such as `linux/arm/v7`. */
export function platformName({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter(Boolean).join("/");
}
