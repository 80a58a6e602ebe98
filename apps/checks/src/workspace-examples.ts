import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { ExampleFolder } from "./example-folder.ts";
import type { Example } from "./examples.ts";

/** A folder of examples whose `@taskio/*` is the workspace's source. */
export class WorkspaceExamples implements AsyncDisposable {
  readonly #folder: ExampleFolder;

  private constructor(path: string) {
    this.#folder = new ExampleFolder(path);
  }

  static async make(): Promise<WorkspaceExamples> {
    return new WorkspaceExamples(await mkdtemp(join(import.meta.dir, "../.examples-")));
  }

  check(examples: readonly Example[]): Promise<string> {
    const compilerOptions = { noUnusedLocals: false };
    return this.#folder.check(examples, { extends: "../tsconfig.json", compilerOptions });
  }

  failure(example: Example): Promise<string> {
    return this.#folder.failure(example);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder.path, { recursive: true });
  }
}
