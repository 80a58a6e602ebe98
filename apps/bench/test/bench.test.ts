import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rows } from "../src/rows.ts";
import { bench } from "./support/bench-command.ts";
import { malformed } from "./support/well-formed.ts";

const missing = process.platform !== "linux" ? "needs Linux" : Bun.which("cc") ? "" : "needs cc";
const folder = mkdtempSync(join(tmpdir(), "taskio-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const keys = ["name", "unit", "ours", "go", "limit", "ratio_go", "ratio_limit", "rounds"];

describe.skipIf(missing !== "")(`the bench ${missing && `(skipped: ${missing})`}`, () => {
  test("measures a row, and gives a table, JSON and a chart", async () => {
    const [json, chart] = [join(folder, "bench.json"), join(folder, "bench.svg")];
    const only = ["--quick", "--only", "fifo-to-null"];
    const run = await bench([...only, "--json", json, "--chart", chart]);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toMatch(/^\| row +\| unit +\|/);
    expect(run.stdout).toMatch(/\n\| fifo-to-null +\| MB\/s/);
    expect(run.stderr).toContain("[1/1] fifo-to-null: ");
    expect(run.stderr).not.toContain("\x1b");
    const { rows: found } = await Bun.file(json).json();
    expect(found).toHaveLength(1);
    const [row] = found;
    expect(Object.keys(row)).toEqual(keys);
    expect(row).toMatchObject({ name: "fifo-to-null", unit: "MB/s", rounds: expect.any(Number) });
    expect(row.ours).toBeGreaterThan(0);
    expect(row.limit).toBeGreaterThan(0);
    expect(row.ratio_limit).toBeCloseTo(row.ours / row.limit);
    expect(malformed(await Bun.file(chart).text())).toBeUndefined();
  });

  test("a peer that can't be built is null, and said so", async () => {
    const path = join(folder, "bin");
    await linkTools(path, ["cc", "as", "ld", "mkfifo"]);
    const json = join(folder, "no-go.json");
    const only = ["--only", "fifo-to-null", "--only", "write"];
    const run = await bench(["--quick", ...only, "--json", json], { PATH: path });
    expect(run).toMatchObject({ exitCode: 0 });
    const why = "can't be built, and has no figures: there is no go\n";
    expect(run.stderr).toContain(`bench: go ${why}`);
    expect(run.stderr.split(`bench: go-logs ${why}`)).toHaveLength(2); // once
    const { rows: found } = await Bun.file(json).json();
    expect(found.map(({ name }: { name: string }) => name)).toEqual([
      "fifo-to-null",
      "write-cri",
      "write-json-file",
    ]);
    for (const row of found) {
      expect(row).toMatchObject({ go: null, ratio_go: null, ours: expect.any(Number) });
    }
  });

  test("measures hubs, with all bytes for each viewer, and the end of a log", async () => {
    const json = join(folder, "hub.json");
    const run = await bench(["--quick", "--only", "hub", "--only", "logs-tail", "--json", json]);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).not.toContain("failed");
    const { rows: found } = await Bun.file(json).json();
    const numbers = { ours: expect.any(Number), limit: expect.any(Number), go: null };
    const alone = { ...numbers, limit: null };
    expect(found).toMatchObject([
      { name: "hub-to-fd", ...numbers },
      { name: "hub-eight-viewers", ...alone },
      { name: "hub-eight-viewers-of-one", ...alone },
      { name: "logs-tail", ...numbers },
      { name: "logs-tail-rss", ...numbers },
    ]);
  });

  test("leaves nothing behind when it is interrupted", async () => {
    const command = [process.execPath, join(import.meta.dir, "../src/main.ts")];
    const child = Bun.spawn([...command, "--only", "fifo-to-file"], { stderr: "pipe" });
    const prefix = `taskio-bench-${child.pid}-`;
    const left = () =>
      ["/dev/shm", tmpdir()].flatMap((dir) =>
        readdirSync(dir).filter((name) => name.startsWith(prefix)),
      );
    for (let i = 0; i < 500 && left().length === 0; i++) await Bun.sleep(20);
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(left()).toEqual([]);
  });
});

test("refuses a row that is not there, and names all", async () => {
  const run = await bench(["--only", "fifo-to-nul"]);
  expect(run).toMatchObject({ exitCode: 1, stdout: "" });
  expect(run.stderr).toStartWith('bench: no row "fifo-to-nul": choose from fifo-to-null, ');
  for (const { figures } of rows) expect(run.stderr).toContain(figures[0]!.name);
});

async function linkTools(path: string, names: readonly string[]): Promise<void> {
  await Bun.write(join(path, ".keep"), "");
  for (const name of names) symlinkSync(Bun.which(name)!, join(path, name));
}
