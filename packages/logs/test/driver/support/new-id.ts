let count = 0;

/** An id that no other test has. */
export function newId(): string {
  return `driver${process.pid}-${++count}`;
}
