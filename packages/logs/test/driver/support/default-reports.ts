import { rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { driverReportPath } from "../../../src/index.ts";

/** The reports of drivers that are told of no other path, which go away with their scope. */
export class DefaultReports implements Disposable {
  readonly #paths = new Set<string>();

  path(namespace: string, id: string): string {
    const path = driverReportPath(namespace, id);
    this.#paths.add(path);
    return path;
  }

  [Symbol.dispose](): void {
    for (const path of this.#paths) rmSync(path, { force: true });
    const namespaces = new Set([...this.#paths].map((path) => dirname(path)));
    for (const folder of namespaces) removeEmpty(folder);
    for (const folder of namespaces) removeEmpty(dirname(folder));
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // it is not there, or others have something in it
  }
}
