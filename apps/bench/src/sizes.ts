/** How many bytes tasks write or read in a row, in all. */
export const fullBytes = 1 << 30;

/** The same with `--quick`. */
export const quickBytes = 1 << 27;
