/** Makes a file of so many bytes, a block again and again. */
export async function fillFile(path: string, bytes: number, block: Uint8Array): Promise<void> {
  const writer = Bun.file(path).writer();
  for (let left = bytes; left > 0; left -= block.length) {
    writer.write(left < block.length ? block.subarray(0, left) : block);
    await writer.flush();
  }
  await writer.end();
}
