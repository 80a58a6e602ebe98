import type { LogRecord, LogStream } from "../../../src/index.ts";

/** Whose code it is. */
export type Reader = "kubernetes" | "docker" | "nerdctl";
export type Writer = "containerd" | "docker" | "nerdctl";

/** The Go program beside this file. */
export class GoReaders {
  readonly #program: string;

  /** @param program where it is, once it is built */
  constructor(program: string) {
    this.#program = program;
  }

  async build(): Promise<void> {
    await run(["go", "build", "-o", this.#program, "."], new Uint8Array());
  }

  /** The records as they read them. Kubernetes tells no time of what goes on with a line. */
  async read(whose: Reader, file: string): Promise<LogRecord[]> {
    const out = await run([this.#program, "read", whose, file], new Uint8Array());
    return lines(out).map((line) => {
      const { stream, time, data } = JSON.parse(line) as JSONRecord;
      return {
        stream,
        time: time === undefined ? undefined : BigInt(time),
        data: Buffer.from(data, "base64"),
      };
    });
  }

  /** Lets them write what a task wrote to stdout into a new file. */
  async write(whose: Writer, file: string, output: Uint8Array): Promise<void> {
    await run([this.#program, "write", whose, file], output);
  }

  /** What docker's encoder makes of the records. */
  async encode(records: readonly LogRecord[]): Promise<Buffer> {
    const asked = records.map(({ stream, time, data }) => {
      const record: JSONRecord = {
        stream,
        time: String(time),
        data: Buffer.from(data).toString("base64"),
      };
      return `${JSON.stringify(record)}\n`;
    });
    return await run([this.#program, "encode", "docker"], Buffer.from(asked.join("")));
  }
}

interface JSONRecord {
  readonly stream: LogStream;
  readonly time?: string;
  /** In base64. */
  readonly data: string;
}

function lines(text: Buffer): string[] {
  return text.toString().split("\n").slice(0, -1);
}

async function run(command: string[], stdin: Uint8Array): Promise<Buffer> {
  const options = { cwd: import.meta.dir, stdin, stdout: "pipe", stderr: "pipe" } as const;
  await using child = Bun.spawn(command, options);
  const [stdout, stderr] = await Promise.all([child.stdout.bytes(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return Buffer.from(stdout);
}
