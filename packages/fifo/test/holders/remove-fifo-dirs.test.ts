import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { abandonedFIFODirs, type FIFODir, removeFIFODirs } from "../../src/holders/index.ts";
import { ffiProvider as mkfifo } from "../../src/make-fifo.ts";
import { asNobody, canBeNobody } from "../support/as-nobody.ts";
import { type FIFODirs, fifoDirs, seesAll } from "../support/fifo-dirs.ts";
import { hold } from "../support/hold.ts";

async function find({ path: dir }: FIFODirs): Promise<FIFODir[]> {
  await Bun.sleep(30);
  const { abandoned, unknown } = await abandonedFIFODirs({ dir, named: [], olderThan: 10 });
  return [...abandoned, ...unknown];
}

describe("folders that were found to be abandoned", () => {
  test("are removed, and nothing beside them", async () => {
    using dirs = fifoDirs();
    const paths = [dirs.make("a", "t-stdin", "t-stdout"), dirs.make("b")];
    const found = await find(dirs);
    dirs.make("new", "t-stdout");
    const { removed, kept } = await removeFIFODirs(found, { force: true });
    expect([removed.toSorted(), kept]).toEqual([paths, []]);
    expect(readdirSync(dirs.path)).toEqual(["new"]);
  });

  test("are kept where a process may hold them that may not be looked into", async () => {
    using dirs = fifoDirs();
    const path = dirs.make("a", "t-stdout");
    const found = await find(dirs);
    const { removed, kept } = await removeFIFODirs(found);
    if (seesAll(dirs)) expect([removed, kept]).toEqual([[path], []]);
    else expect([removed, kept]).toMatchObject([[], [{ path, reason: expect.any(String) }]]);
  });

  test("are kept when a process has opened a FIFO since, and go when it has ended", async () => {
    using dirs = fifoDirs();
    const [path, other] = [dirs.make("a", "t-stdin", "t-stdout"), dirs.make("b", "t-stdout")];
    const found = await find(dirs);
    const fifo = dirs.at("a", "t-stdout");
    await using holder = await hold(fifo, 'exec 3<>"$FIFO"');
    const { removed, kept } = await removeFIFODirs(found, { force: true });
    expect(removed).toEqual([other]);
    expect(kept).toMatchObject([{ path, reason: `process ${holder.pid} has "${fifo}" open` }]);
    expect(readdirSync(path)).toEqual(["t-stdin", "t-stdout"]);
    await holder.end();
    expect(await removeFIFODirs(kept, { force: true })).toEqual({ removed: [path], kept: [] });
  });

  test("are kept when something has come into them since (c#4123)", async () => {
    using dirs = fifoDirs();
    for (const name of ["fifo", "file", "written", "gone"]) dirs.make(name, "t-stdout");
    const found = await find(dirs);
    mkfifo(dirs.at("fifo", "t-stderr"), 0o700);
    writeFileSync(dirs.at("file", "t.log"), "");
    const env = { FIFO: dirs.at("written", "t-stdout") };
    await Bun.spawn(["sh", "-c", 'exec 3<>"$FIFO"; echo >&3'], { env }).exited;
    await Bun.$`rm -r ${dirs.at("gone")}`;
    const { removed, kept } = await removeFIFODirs(found, { force: true });
    expect(removed).toEqual([]);
    expect(kept.map(({ reason }) => reason)).toEqual(
      Array<string>(4).fill("it has changed since it was found"),
    );
    expect(readdirSync(dirs.at("file")).sort()).toEqual(["t-stdout", "t.log"]);
  });

  test("are none", async () => {
    expect(await removeFIFODirs([])).toEqual({ removed: [], kept: [] });
  });
});

test.if(canBeNobody)("a folder that cannot be removed is kept, and the others go", async () => {
  using dirs = fifoDirs();
  const [own, others] = [dirs.make("a", "t-stdout"), dirs.make("b", "t-stdout")];
  await Bun.$`chown nobody ${dirs.path} ${own}`;
  chmodSync(others, 0o755);
  const code = `
    const { unknown } = await holders.abandonedFIFODirs({ dir: "${dirs.path}", named: [], olderThan: 10 });
    return holders.removeFIFODirs(unknown, { force: true })`;
  await Bun.sleep(30);
  expect(await asNobody(code)).toMatchObject({
    removed: [own],
    kept: [{ path: others, reason: expect.stringMatching(/^EACCES.*t-stdout/) }],
  });
  expect([existsSync(own), existsSync(others)]).toEqual([false, true]);
});
