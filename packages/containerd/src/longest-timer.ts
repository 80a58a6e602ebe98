/** The longest time of a timer, in ms. */
export const longestTimer: number = 2 ** 31 - 1;
