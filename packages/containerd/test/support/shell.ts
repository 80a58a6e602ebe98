/** A shell that has FIFOs open. */
export interface Shell extends AsyncDisposable {
  readonly exited: Promise<number>;
  /** What it prints until it ends. */
  readonly output: () => Promise<string>;
}

/** Opens `$FIFO` by `redirections`, and goes on with `script` when that is done. */
export async function openByShell(
  fifo: string,
  redirections: string,
  script: string,
): Promise<Shell> {
  const env = { ...process.env, FIFO: fifo };
  const child = Bun.spawn(["sh", "-c", `${redirections}; echo; ${script}`], {
    env,
    stdout: "pipe",
  });
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    exited: child.exited,
    async output() {
      const decoder = new TextDecoder();
      for (let text = ""; ;) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += decoder.decode(value, { stream: true });
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
