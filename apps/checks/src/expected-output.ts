/** A `console.log(…); // text` line of an example. */
const logLine = /^(.*?)\bconsole\.log\((.*\);?) *\/\/ (.+)$/;

/** A comment that says something about the value instead of giving it: three words or more. */
const prose = /^\p{L}[\p{L}'-]*[,:;]?( \p{L}[\p{L}'-]*[,:;]?){2,}[.…]?$/u;

/** An example that says at which line it printed what: its calls go to `logAt`. */
export function instrumented(code: string): string {
  return perLine(
    code,
    (before, call, comment, line) => `${before}logAt(${line})(${call} // ${comment}`,
  );
}

/** What the comments of an example say is printed, by line. */
export function expectedOutput(code: string): Map<number, string> {
  const expected = new Map<number, string>();
  perLine(code, (_before, _call, comment, line) => {
    expected.set(line, comment);
    return "";
  });
  return expected;
}

function perLine(
  code: string,
  replace: (before: string, call: string, comment: string, line: number) => string,
): string {
  const lines = code.split("\n").map((text, index) => {
    const [, before, call, comment] = logLine.exec(text) ?? [];
    if (before === undefined || call === undefined || comment === undefined) return text;
    return replace(before, call, comment, index + 1);
  });
  return lines.join("\n");
}

/** Whether a comment is true of what its line printed, once or more. `…` stands for anything. */
export function saysTheTruth(comment: string, printed: readonly string[]): boolean {
  if (printed.length === 0) return false;
  if (printed.every((text) => matches(comment, text))) return true;
  return prose.test(comment);
}

function matches(comment: string, printed: string): boolean {
  const parts = comment.split("…").map((part) => RegExp.escape(plain(part)));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  return [printed, JSON.stringify(printed)].some((text) => pattern.test(plain(text)));
}

/** On one line, as a comment has to be. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/,(?= [}\]])/g, "");
}
