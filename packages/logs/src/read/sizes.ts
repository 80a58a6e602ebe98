/** How much of a file is read at once, in bytes. */
export const blockSize: number = 64 * 1024;

/** How many bytes before a place are remembered. */
export const rememberedSize = 256;

/** How much of a part is looked at for its first record: a record of 16 KiB that is all escapes has 96 KiB. */
export const headSize: number = 256 * 1024;

/** The longest line of a file that can be a record; a longer one is skipped. */
export const maxLine: number = 16 * 1024 * 1024;
