const listeners = new Set<() => void>();

/**
 * Has a function called each time this process gets SIGHUP. All have one listener of the process, which
 * warns of more than ten.
 *
 * @returns ends it
 */
export function onSIGHUP(listener: () => void): () => void {
  if (listeners.size === 0) process.on("SIGHUP", callAll);
  listeners.add(listener);
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) process.off("SIGHUP", callAll);
  };
}

function callAll(): void {
  for (const listener of listeners) listener();
}
