/**
 * The embedded runtime as a program: `bun packages/taskd/src/main.ts`.
 *
 * @module
 */
import { runTaskd } from "./run-taskd.ts";

if (!(await runTaskd())) console.log(`taskd ${process.pid}: another one runs already`);
