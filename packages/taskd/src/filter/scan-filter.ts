import { Code, ConnectError } from "@connectrpc/connect";

const field = /[A-Za-z_][A-Za-z0-9_]*/y;
const operator = /==|!=|~=/y;
const value = /[^\s,]+/y;
const quoted = /"(?:[^"\\]|\\.)*"/y;
const regexQuoted = /\/(?:[^/\\]|\\.)*\/|\|(?:[^|\\]|\\.)*\|/y;

/** Takes a filter of containerd's grammar apart, from left to right. */
export class FilterScanner {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.#at >= this.text.length;
  }

  /** Whether the next character is this one, which is then taken. */
  take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  field(): string {
    const name = this.#match(quoted);
    return name === undefined ? this.#need(this.#match(field), "a field") : unquote(name, this);
  }

  operator(): string | undefined {
    return this.#match(operator);
  }

  value(isRegex: boolean): string {
    const regex = isRegex ? this.#match(regexQuoted) : undefined;
    if (regex !== undefined) return unescapeDelimiter(regex);
    const text = this.#match(quoted);
    return text === undefined ? this.#need(this.#match(value), "a value") : unquote(text, this);
  }

  fail(why: string): ConnectError {
    return new ConnectError(
      `invalid filter ${JSON.stringify(this.text)}: ${why}`,
      Code.InvalidArgument,
    );
  }

  expectSeparator(): void {
    if (!this.take(",")) throw this.fail(`expected a "," at ${this.#at}`);
    if (this.done) throw this.fail("it ends with a comma");
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #need(found: string | undefined, what: string): string {
    if (found === undefined) throw this.fail(`expected ${what} at ${this.#at}`);
    return found;
  }
}

function unquote(text: string, scanner: FilterScanner): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw scanner.fail(`${text} is not quoted as Go and JSON do`);
  }
}

function unescapeDelimiter(text: string): string {
  return text.slice(1, -1).replaceAll(`\\${text[0]}`, text[0]!);
}
