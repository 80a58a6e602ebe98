import { rejection, tempFolder } from "@taskio/test-support";
import { expect, test } from "bun:test";
import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { makeFIFO } from "../src/make-fifo.ts";
import { WriteEnd } from "../src/write-end.ts";

test("a closed write end writes to no other file that has got its fd", async () => {
  using folder = tempFolder();
  const path = folder.file("fifo");
  await makeFIFO(path, 0o700);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const end = new WriteEnd(path);
  const fd = await end.opened;
  expect(end.write(Buffer.from("hello"))).toBe(5);
  end.close();
  const files = Array.from({ length: 20 }, (_, i) => openSync(folder.file(`${i}`), "w"));
  expect(files).toContain(fd);
  expect(() => end.write(Buffer.from("secret"))).toThrow(`the FIFO "${path}" is closed`);
  expect(await rejection(end.writable())).toMatchObject({ code: "CLOSED", path });
  for (const i of files.keys()) expect(readFileSync(folder.file(`${i}`), "utf8")).toBe("");
  for (const file of [...files, reader]) closeSync(file);
});
