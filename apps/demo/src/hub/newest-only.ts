/** Calls a function with a value at a time, and where they come faster, with the newest one alone. */
export function newestOnly<T>(call: (value: T) => Promise<void>): (value: T) => void {
  let next: { readonly value: T } | undefined;
  let isCalling = false;
  return (value) => {
    next = { value };
    if (!isCalling) void callAll();
  };

  async function callAll(): Promise<void> {
    isCalling = true;
    while (next) {
      const { value } = next;
      next = undefined;
      await call(value);
    }
    isCalling = false;
  }
}
