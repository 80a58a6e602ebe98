import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { newFIFOSetInDir } from "../src/index.ts";
import { removeFIFOs } from "../src/remove-fifos.ts";
import { asNobody, canBeNobody } from "./support/as-nobody.ts";
import { makeDeadSocket } from "./support/dead-socket.ts";
import { fifoDirs } from "./support/fifo-dirs.ts";

describe("the FIFOs of a process that is gone", () => {
  test("are removed with their folder, twice is fine", async () => {
    using dirs = fifoDirs();
    const { config } = await newFIFOSetInDir(dirs.path, "t", false);
    const paths = [config.stdin, config.stdout, config.stderr];
    removeFIFOs(paths);
    expect(readdirSync(dirs.path)).toEqual([]);
    removeFIFOs(paths);
    removeFIFOs(paths, [dirname(config.stdin)]);
  });

  test("go, and what is no FIFO stays with its folder (c#4123)", () => {
    using dirs = fifoDirs();
    dirs.make("a", "t-stdout");
    dirs.make("b", "t-stdin");
    dirs.make("c", "t-stdout");
    writeFileSync(dirs.at("a", "t-stderr"), "");
    symlinkSync(dirs.at("c", "t-stdout"), dirs.at("b", "t-stdout"));
    const names = ["a/t-stdout", "a/t-stderr", "b/t-stdin", "b/t-stdout"];
    removeFIFOs(names.map((name) => dirs.at(name)));
    expect(readdirSync(dirs.path, { recursive: true }).sort()).toEqual([
      ...["a", "a/t-stderr", "b", "b/t-stdout", "c", "c/t-stdout"],
    ]);
  });

  test("take the socket of a killed hub along, and of no other", () => {
    using dirs = fifoDirs();
    for (const name of ["dead", "other"]) dirs.make(name, "t-stdin", "t-stdout");
    for (const name of ["dead/t", "other/u"]) makeDeadSocket(dirs.at(`${name}-hub.sock`));
    mkdirSync(dirs.at("left"));
    makeDeadSocket(dirs.at("left", "t-hub.sock"));
    const names = ["dead/t-stdin", "dead/t-stdout", "other/t-stdin", "other/t-stdout"];
    removeFIFOs([...names, "left/t-stdout"].map((name) => dirs.at(name)));
    expect(readdirSync(dirs.path, { recursive: true }).sort()).toEqual([
      "other",
      "other/u-hub.sock",
    ]);
    removeFIFOs([dirs.at("other", "u-hub.sock")]);
    expect(readdirSync(dirs.path)).toEqual([]);
  });

  test("leave the socket of a hub that lives, and their folder", () => {
    using dirs = fifoDirs();
    dirs.make("a", "t-stdout");
    const socket = dirs.at("a", "t-hub.sock");
    const hub = Bun.listen({ unix: socket, socket: { data() {} } });
    removeFIFOs([dirs.at("a", "t-stdout"), socket]);
    expect(readdirSync(dirs.at("a"))).toEqual(["t-hub.sock"]);
    hub.stop();
  });

  test("have absolute paths: URIs and the empty path name none, and folders without a FIFO stay", () => {
    using dirs = fifoDirs();
    mkdirSync(dirs.at("log"));
    removeFIFOs(["", "/dev/null", `file://${dirs.at("log", "t")}`, dirs.at("log", "t-stdout")]);
    expect(existsSync(dirs.at("log"))).toBe(true);
  });
});

test.if(canBeNobody)("what cannot be removed is told when everything was tried", async () => {
  using dirs = fifoDirs();
  dirs.make("a", "t-stdout", "t-stderr");
  dirs.make("b", "t-stdout");
  await Bun.$`chmod 755 ${dirs.path} ${dirs.at("a")}; chown nobody ${dirs.at("b")}`;
  const paths = ["a/t-stdout", "a/t-stderr", "b/t-stdout"].map((name) => dirs.at(name));
  const code = `
    try { holders.removeFIFOs(${JSON.stringify(paths)}); }
    catch ({ name, errors }) { return [name, errors.map(({ code, path }) => [code, path])]; }`;
  const folders = ["a", "b"].map((name) => ["EACCES", dirs.at(name)]); // theirs is root's
  const [name, errors] = (await asNobody(code)) as [string, string[][]];
  expect(name).toBe("AggregateError");
  expect(errors).toEqual([...paths.slice(0, 2).map((path) => ["EACCES", path]), ...folders]);
  expect(readdirSync(dirs.at("b"))).toEqual([]);
});
