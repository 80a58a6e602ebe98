import { FilterScanner } from "./scan-filter.ts";

/** The value of a field by its path, undefined where there is none. */
export type FieldOf = (path: readonly string[]) => string | undefined;

type Match = (field: FieldOf) => boolean;

/**
 * Filters as containerd has them: `field==value`, `field!=value`, `field~=regex`, or `field` alone
 * for its presence; joined by commas all must match, of a list one. No filter matches all.
 *
 * @throws ConnectError `InvalidArgument`
 */
export function parseFilters(filters: readonly string[]): Match {
  const any = filters.map(parseFilter);
  return (field) => any.length === 0 || any.some((match) => match(field));
}

function parseFilter(text: string): Match {
  const scanner = new FilterScanner(text);
  const all: Match[] = [];
  while (!scanner.done) {
    if (all.length > 0) scanner.expectSeparator();
    all.push(parseSelector(scanner));
  }
  return (field) => all.every((match) => match(field));
}

function parseSelector(scanner: FilterScanner): Match {
  const path = [scanner.field()];
  while (scanner.take(".")) path.push(scanner.field());
  const operator = scanner.operator();
  if (operator === undefined) return (field) => field(path) !== undefined;
  const value = scanner.value(operator === "~=");
  if (operator === "==") return (field) => field(path) === value;
  if (operator === "!=") return (field) => (field(path) ?? "") !== value;
  const pattern = parsePattern(value, scanner);
  return (field) => {
    const found = field(path);
    return found !== undefined && pattern.test(found);
  };
}

function parsePattern(value: string, scanner: FilterScanner): RegExp {
  try {
    return new RegExp(value);
  } catch (error) {
    throw scanner.fail((error as Error).message);
  }
}
