/** How many bytes tasks write or read in a row, in all. */
export const fullBytes = 1 << 30;

/** The same with `--quick`. */
export const quickBytes = 1 << 27;

/** How many lines of 100 bytes are logged in a row. */
export const fullLines = 1_310_000;

/** The same with `--quick`. */
export const quickLines = 131_000;
