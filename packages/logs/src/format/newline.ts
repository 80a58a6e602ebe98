/** The byte that ends a line, and a record of a framed format. */
export const newline = 0x0a;
