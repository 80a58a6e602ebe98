import { join } from "node:path";

/** Makes the sample driver one file. */
export async function compileDriver(program: string): Promise<void> {
  const source = join(import.meta.dir, "sample-driver.ts");
  const command = [process.execPath, "build", "--compile", source, "--outfile", program];
  const build = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
  const [exitCode, stderr] = await Promise.all([build.exited, build.stderr.text()]);
  if (exitCode !== 0) throw new Error(`bun build --compile ended with ${exitCode}: ${stderr}`);
}
