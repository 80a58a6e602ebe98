/**
 * Variables over others: one of the same name is replaced where it stands, a name without `=` is
 * removed, new ones come last.
 */
export function mergeEnv(base: readonly string[], over: readonly string[]): string[] {
  const merged = new Map(base.map((variable) => [nameOf(variable), variable]));
  for (const variable of over) {
    if (variable.includes("=")) merged.set(nameOf(variable), variable);
    else merged.delete(variable);
  }
  return [...merged.values()];
}

function nameOf(variable: string): string {
  return variable.split("=", 1)[0]!;
}
