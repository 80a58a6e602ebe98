import { type Resources, snapshotResources } from "./snapshot-resources.ts";

/**
 * Waits until this process has no more fds, threads and folder entries than it had at `before`.
 *
 * Fds are compared by what they are linked to, not by number; fewer are fine, and so are fewer
 * threads. A folder must contain exactly what it contained. What goes away a little later (an fd
 * that is closed on another thread) gets about 2 seconds. An engine makes lasting things at its
 * first use: use it once before `before` is taken.
 *
 * @param options.folders folders to look at besides those of `before`; they must be empty
 * @param options.timeout how long to wait for the leftovers to go, in ms. Default: 2000
 * @throws Error that lists exactly what is left over
 *
 * @example
 * ```ts
 * import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
 * import { closeSync, openSync } from "node:fs";
 *
 * const before = snapshotResources();
 * const fd = openSync("/dev/null", "r");
 * await expectNoLeaks(before, { timeout: 0 }).catch((error) => console.log(error.message));
 * closeSync(fd);
 * await expectNoLeaks(before);
 * ```
 */
export async function expectNoLeaks(
  before: Resources,
  options: { folders?: readonly string[]; timeout?: number } = {},
): Promise<void> {
  const { folders = [], timeout = 2000 } = options;
  const all = [...new Set([...before.folders.keys(), ...folders])];
  const deadline = performance.now() + timeout;
  for (;;) {
    const leaks = differences(before, snapshotResources({ folders: all }));
    if (leaks.length === 0) return;
    if (performance.now() >= deadline) {
      throw new Error(`resources are left over:\n${leaks.map((leak) => `  ${leak}`).join("\n")}`);
    }
    await Bun.sleep(10);
  }
}

function differences(before: Resources, after: Resources): string[] {
  return [
    ...fdLeaks(before.fds, after.fds),
    ...surplus(before.threads, after.threads).map((name) => `thread "${name}"`),
    ...[...after.folders].flatMap(([folder, entries]) => {
      const had = before.folders.get(folder) ?? [];
      return [
        ...surplus(had, entries).map((entry) => `${folder}/${entry}`),
        ...surplus(entries, had).map((entry) => `${folder}/${entry} is missing`),
      ];
    }),
  ];
}

function fdLeaks(before: Resources["fds"], after: Resources["fds"]): string[] {
  const targets = surplus([...before.values()], [...after.values()], kindOf);
  // Numbers that are new, or that meant something else before, are the likely leaks: name them.
  const suspects = [...after].sort(
    ([a, targetA], [b, targetB]) =>
      Number(before.get(a) === targetA) - Number(before.get(b) === targetB),
  );
  return targets.map((target) => {
    const found = suspects.findIndex(([, other]) => other === target);
    const [[fd] = ["?"]] = suspects.splice(found, 1);
    return `fd ${fd} -> ${target}`;
  });
}

/** Pipes and sockets have no name: one that was replaced by another is no leak. */
function kindOf(target: string): string {
  return target.replace(/^(pipe|socket):\[\d+\]$/, "$1");
}

/** The items of `after` that `before` has not, each as often as it is too many. */
function surplus(
  before: readonly string[],
  after: readonly string[],
  kind = (item: string) => item,
): string[] {
  const left = new Map<string, number>();
  for (const item of before) left.set(kind(item), (left.get(kind(item)) ?? 0) + 1);
  return after.filter((item) => {
    const count = left.get(kind(item)) ?? 0;
    if (count > 0) left.set(kind(item), count - 1);
    return count === 0;
  });
}
