/** Tells the tour in numbered steps, and counts its checks. */
export class Narrator {
  readonly #begin = performance.now();
  #steps = 0;
  #passed = 0;
  #failed = 0;

  say(text: string): void {
    console.log(text);
  }

  step(title: string): void {
    console.log(`\n${++this.#steps}. ${title}`);
  }

  /** Shows a command line as it is typed. */
  command(line: string): void {
    console.log(`   $ ${line}`);
  }

  /** Shows what a command printed: the first lines and the last. */
  output(text: string, most = 4): void {
    const lines = text.replaceAll("\r", "").trimEnd().split("\n");
    const shown = lines.length <= most ? lines : [...lines.slice(0, most - 2), "…", lines.at(-1)];
    for (const line of shown) console.log(`   | ${line}`);
  }

  check(what: string, passed: boolean): void {
    if (passed) this.#passed++;
    else this.#failed++;
    console.log(`   ${passed ? "ok:" : "FAILED:"} ${what}`);
  }

  /** The last line, and the exit code. */
  summary(): number {
    const total = this.#passed + this.#failed;
    const seconds = ((performance.now() - this.#begin) / 1000).toFixed(1);
    console.log(`\n${this.#passed} of ${total} checks passed in ${seconds} s.`);
    return this.#failed === 0 ? 0 : 1;
  }
}
