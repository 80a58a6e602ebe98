/** Makes one file of a program in TypeScript, which needs no Bun. */
export async function compileProgram(source: string, outfile: string): Promise<void> {
  const command = [process.execPath, "build", "--compile", source, "--outfile", outfile];
  const build = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
  const [exitCode, stderr] = await Promise.all([build.exited, build.stderr.text()]);
  if (exitCode !== 0) throw new Error(`bun build --compile ended with ${exitCode}: ${stderr}`);
}
