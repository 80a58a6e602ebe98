import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { layersOf } from "../src/spec/layers-of.ts";
import { readRootfsFile } from "../src/spec/read-rootfs-file.ts";

let folder: string;
let top: string;
let bottom: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taskio-layers-"));
  top = join(folder, "top");
  bottom = join(folder, "bottom");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(layer: string, path: string, text: string): void {
  mkdirSync(dirname(join(layer, path)), { recursive: true });
  writeFileSync(join(layer, path), text);
}

function link(layer: string, path: string, target: string): void {
  mkdirSync(dirname(join(layer, path)), { recursive: true });
  symlinkSync(target, join(layer, path));
}

/** What overlayfs has for what was removed. */
function whiteout(layer: string, path: string): void {
  mkdirSync(dirname(join(layer, path)), { recursive: true });
  Bun.spawnSync(["mknod", join(layer, path), "c", "0", "0"]);
}

const read = (path = "etc/passwd") => readRootfsFile([top, bottom], path);

test("the topmost file is read, where one is", () => {
  expect(read()).toBeUndefined();
  write(bottom, "etc/passwd", "bottom");
  expect(read()).toBe("bottom");
  mkdirSync(join(top, "etc"), { recursive: true });
  expect(read()).toBe("bottom");
  write(top, "etc/passwd", "top");
  expect(read()).toBe("top");
  expect(read("etc")).toBeUndefined();
  expect(read("etc/passwd/x")).toBeUndefined();
});

test("links stay in the root filesystem, over all layers", () => {
  write(bottom, "store/passwd", "linked");
  link(top, "etc/passwd", "/../../store/passwd");
  expect(read()).toBe("linked");
  link(top, "deep/etc/passwd", "/store/passwd");
  expect(read("deep/etc/passwd")).toBe("linked");
  link(top, "up/passwd", "../../../../store/./passwd");
  expect(read("up/passwd")).toBe("linked");
  link(bottom, "out", folder);
  write(folder, "secret", "not for you");
  expect(read("out/secret")).toBeUndefined();
  link(bottom, "here", "store");
  expect(read("here/passwd")).toBe("linked");
});

test("a lower folder that is a link is hidden by a folder above it", () => {
  write(folder, "passwd", "the host's");
  write(bottom, "store/passwd", "hidden");
  mkdirSync(join(top, "etc"), { recursive: true });
  for (const target of [folder, "store"]) {
    link(bottom, "etc", target);
    expect(read()).toBeUndefined();
    rmSync(join(bottom, "etc"));
  }
});

test("links without end are refused", () => {
  link(top, "etc/passwd", "passwd");
  expect(() => read()).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});

test("what is no file, or too large for one, is refused", () => {
  mkdirSync(join(top, "etc"), { recursive: true });
  Bun.spawnSync(["mkfifo", join(top, "etc/passwd")]);
  expect(() => read()).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  write(top, "etc/group", "");
  truncateSync(join(top, "etc/group"), 2 ** 30);
  expect(() => read("etc/group")).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});

test.skipIf(process.geteuid?.() !== 0)("what an upper layer removed is not there", () => {
  write(bottom, "etc/passwd", "bottom");
  whiteout(top, "etc/passwd");
  expect(read()).toBeUndefined();
  rmSync(top, { recursive: true });
  whiteout(top, "etc");
  expect(read()).toBeUndefined();
  const over = join(folder, "over");
  write(over, "etc/group", "");
  expect(readRootfsFile([over, top, bottom], "etc/passwd")).toBeUndefined();
  expect(readRootfsFile([over, bottom], "etc/passwd")).toBe("bottom");
});

test("the layers are those of bind and overlay mounts", () => {
  expect(layersOf([{ type: "bind", source: "/a", options: ["ro", "rbind"] }])).toEqual(["/a"]);
  const options = ["index=off", "workdir=/w", "upperdir=/u", "lowerdir=/2:/1"];
  expect(layersOf([{ type: "overlay", source: "overlay", options }])).toEqual(["/u", "/2", "/1"]);
  expect(layersOf([{ type: "overlay", source: "overlay", options: ["lowerdir=/2:/1"] }])).toEqual([
    "/2",
    "/1",
  ]);
  expect(layersOf([{ type: "ext4", source: "/dev/sdb" }])).toBeUndefined();
  expect(layersOf([])).toBeUndefined();
});
