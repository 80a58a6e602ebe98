/**
 * The query of a log URI: each key once, with its value; either may be empty. For a logging binary
 * these are its arguments, key and value being one each.
 */
export type LogArgs = Readonly<Record<string, string>>;
