/** How long the server may take to remove what a failed call has left, in ms. */
export const cleanupLimit = 10_000;
