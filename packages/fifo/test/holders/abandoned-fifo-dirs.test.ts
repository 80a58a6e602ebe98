import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {
  abandonedFIFODirs,
  type AbandonedFIFODirsOptions,
  removeFIFODirs,
} from "../../src/holders/index.ts";
import { linux } from "../../src/libc.ts";
import { openFifo } from "../../src/index.ts";
import { asNobody, canBeNobody } from "../support/as-nobody.ts";
import { makeDeadSocket } from "../support/dead-socket.ts";
import { fifoDirs, seesAll } from "../support/fifo-dirs.ts";
import { hold } from "../support/hold.ts";

const age = 300;

/** The names of the folders that are found, whether or not all processes can be looked into here. */
async function find(dir: string, options: Partial<AbandonedFIFODirsOptions> = {}) {
  const found = await abandonedFIFODirs({ dir, named: [], olderThan: age, ...options });
  return [...found.abandoned, ...found.unknown]
    .map(({ path }) => path.slice(dir.length + 1))
    .sort();
}

const growOld = () => Bun.sleep(age + 50);

describe("folders of FIFOs that clients have left", () => {
  test("are found with what is in them", async () => {
    using dirs = fifoDirs();
    const path = dirs.make("123456", "t-stdin", "t-stdout");
    await growOld();
    const found = await abandonedFIFODirs({ dir: dirs.path, named: [], olderThan: age });
    const [one, ...others] = [...found.abandoned, ...found.unknown];
    const fifos = [dirs.at("123456", "t-stdin"), dirs.at("123456", "t-stdout")];
    expect([one, others]).toMatchObject([{ path, fifos }, []]);
    expect(Math.abs(Date.now() - one!.changed)).toBeLessThan(60_000);
    expect(readdirSync(path)).toEqual(["t-stdin", "t-stdout"]);
  });

  test("are abandoned if all processes can be looked into, and unknown with the reason if not", async () => {
    using dirs = fifoDirs();
    dirs.make("a", "t-stdout");
    await growOld();
    const { abandoned, unknown } = await abandonedFIFODirs({
      dir: dirs.path,
      named: [],
      olderThan: age,
    });
    if (seesAll(dirs)) expect([abandoned.length, unknown]).toEqual([1, []]);
    else expect([abandoned, unknown]).toMatchObject([[], [{ reason: expect.any(String) }]]);
  });

  test("are found when nothing is in them yet, but for those that others may use", async () => {
    using dirs = fifoDirs();
    dirs.make("killed-early");
    mkdirSync(dirs.at("mnt"));
    chmodSync(dirs.at("mnt"), 0o755);
    await growOld();
    expect(await find(dirs.path)).toEqual(["killed-early"]);
  });

  test("are not those of tasks, by whichever path a task names them", async () => {
    using dirs = fifoDirs();
    using links = fifoDirs();
    for (const name of ["a", "b", "c", "d"]) dirs.make(name, "t-stdout", "t-stderr");
    symlinkSync(dirs.path, links.at("run"));
    await growOld();
    const named = [
      dirs.at("a", "t-stdout"),
      links.at("run", "b", "t-stderr"),
      dirs.at("c", "removed-by-somebody"),
      "",
      "/dev/null",
      "file:///var/log/t",
    ];
    expect(await find(dirs.path, { named })).toEqual(["d"]);
    expect(await find(links.at("run"), { named })).toEqual(["d"]);
  });

  test("are not new ones, nor those that were written to lately", async () => {
    using dirs = fifoDirs();
    dirs.make("old", "t-stdout");
    dirs.make("written", "t-stdout");
    await growOld();
    const between = Date.now();
    await growOld();
    dirs.make("new", "t-stdout");
    await using fifo = await openFifo(dirs.at("written", "t-stdout"), { read: true, write: true });
    await fifo.write(new Uint8Array(1));
    await fifo.close();
    expect(await find(dirs.path, { olderThan: Date.now() - between })).toEqual(["old"]);
    expect(await find(dirs.path, { olderThan: undefined! })).toEqual([]); // ten minutes
  });

  test("are not those that a process has open, be it by O_PATH, as who waits for the other side", async () => {
    using dirs = fifoDirs();
    for (const name of ["both", "reader", "waits", "free"]) dirs.make(name, "t-stdin", "t-stdout");
    await using _shim = await hold(dirs.at("both", "t-stdin"), 'exec 3<>"$FIFO"');
    const reader = openSync(dirs.at("reader", "t-stdout"), linux.O_RDONLY | linux.O_NONBLOCK);
    const waiting = openFifo(dirs.at("waits", "t-stdout"), { write: true });
    await growOld();
    expect(await find(dirs.path)).toEqual(["free"]);
    closeSync(reader);
    await using other = await openFifo(dirs.at("waits", "t-stdout"), { read: true });
    await (await waiting).close();
    await other.close();
  });

  test("may have the socket of a hub that was killed in them, and of none that lives", async () => {
    using dirs = fifoDirs();
    for (const name of ["dead", "alive", "other"]) dirs.make(name, "t-stdin", "t-stdout");
    for (const name of ["dead/t-hub.sock", "other/t.sock"]) makeDeadSocket(dirs.at(name));
    const hub = Bun.listen({ unix: dirs.at("alive", "t-hub.sock"), socket: { data() {} } });
    await growOld();
    const { abandoned, unknown } = await abandonedFIFODirs({
      dir: dirs.path,
      named: [],
      olderThan: age,
    });
    const found = [...abandoned, ...unknown];
    expect(found.map(({ hubSockets }) => hubSockets)).toEqual([[dirs.at("dead", "t-hub.sock")]]);
    const { removed } = await removeFIFODirs(found, { force: true });
    expect(removed).toEqual([dirs.at("dead")]);
    expect(readdirSync(dirs.path).sort()).toEqual(["alive", "other"]);
    hub.stop();
  });

  test("have nothing else in them, and are folders (c#4123)", async () => {
    using dirs = fifoDirs();
    dirs.make("log", "t-stdout");
    writeFileSync(dirs.at("log", "t.log"), "");
    dirs.make("deep", "t-stdout");
    mkdirSync(dirs.at("deep", "folder"));
    dirs.make("linked", "t-stdout");
    symlinkSync("/run/log", dirs.at("linked", "t-stderr"));
    symlinkSync(dirs.at("log"), dirs.at("link"));
    writeFileSync(dirs.at("file"), "");
    await growOld();
    expect(await find(dirs.path)).toEqual([]);
  });
});

test("looking for them wakes nobody who waits for the other side", async () => {
  using dirs = fifoDirs();
  dirs.make("a", "t-stdout");
  const env = { ...process.env, FIFO: dirs.at("a", "t-stdout") };
  await using reader = Bun.spawn(["sh", "-c", 'cat < "$FIFO"'], { env, stdout: "pipe" });
  await growOld();
  for (let i = 0; i < 10; i++) await find(dirs.path);
  await Bun.spawn(["sh", "-c", 'printf one > "$FIFO"'], { env }).exited;
  expect(await reader.stdout.text()).toBe("one");
});

describe("a folder to look in", () => {
  test("that is not there has none", async () => {
    using dirs = fifoDirs();
    expect(await find(dirs.at("none"))).toEqual([]);
  });

  test("that is a file is refused", async () => {
    using dirs = fifoDirs();
    writeFileSync(dirs.at("file"), "");
    const refused = expect.objectContaining({ code: "INVALID_ARGUMENT" });
    await expect(find(dirs.at("file"))).rejects.toEqual(refused);
  });

  test.each([
    [{ dir: "" }, 'dir is ""'],
    [{ named: "/run/a" as never }, "named is no array"],
    [{ olderThan: -1 }, "olderThan is -1"],
    [{ olderThan: Number.NaN }, "olderThan is NaN"],
  ])("is not looked into when %j is wrong", async (options, message) => {
    const error = await find("/tmp", options).catch((error) => error);
    expect(error).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(message),
    });
  });

  test("is not looked into once the signal is aborted", async () => {
    using dirs = fifoDirs();
    dirs.make("a");
    const error = await find(dirs.path, { signal: AbortSignal.abort("no") }).catch(
      (error) => error,
    );
    expect(error).toBe("no");
  });
});

describe.if(canBeNobody)("a user that may not look into all processes", () => {
  test("is told of no abandoned folder, though it is the user's own, and removes none", async () => {
    using dirs = fifoDirs();
    dirs.make("a", "t-stdout");
    await Bun.$`chown -R nobody ${dirs.path}`;
    await growOld();
    const code = `
      const { abandoned, unknown } = await holders.abandonedFIFODirs({ dir: "${dirs.path}", named: [], olderThan: ${age} });
      return [abandoned, unknown, await holders.removeFIFODirs(unknown)]`;
    const kept = { path: dirs.at("a"), reason: expect.stringContaining("look as root") };
    expect(await asNobody(code)).toMatchObject([[], [kept], { removed: [], kept: [kept] }]);
    expect(statSync(dirs.at("a", "t-stdout")).isFIFO()).toBe(true);
  });

  test("is refused in a folder of another user, and told of none in those that may not be read", async () => {
    using dirs = fifoDirs();
    dirs.make("a", "t-stdout");
    const code = `
      const options = { dir: "${dirs.path}", named: [], olderThan: 0 };
      return holders.abandonedFIFODirs(options).catch(({ code }) => code)`;
    expect(await asNobody(code)).toBe("PERMISSION");
    chmodSync(dirs.path, 0o755);
    expect(await asNobody(code)).toEqual({ abandoned: [], unknown: [] });
  });
});

test("those beyond a thousand are gone through in turns with what else there is to do", async () => {
  using dirs = fifoDirs();
  for (let i = 0; i < 1100; i++) dirs.make(`d${i}`, "t-stdout");
  await growOld();
  const found = await abandonedFIFODirs({ dir: dirs.path, named: [], olderThan: age });
  const all = [...found.abandoned, ...found.unknown];
  expect(all).toHaveLength(1100);
  const abort = new AbortController();
  const removing = removeFIFODirs(all, { force: true, signal: abort.signal });
  abort.abort("enough");
  expect(await removing.catch((reason) => reason)).toBe("enough");
  const left = readdirSync(dirs.path).length;
  expect([left > 0, left < 1100]).toEqual([true, true]);
  const { removed, kept } = await removeFIFODirs(all, { force: true });
  expect([removed.length, kept.length]).toEqual([left, 1100 - left]);
});
