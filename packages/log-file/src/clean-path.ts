/**
 * The shortest name of an absolute path, by its text alone: single slashes, no `.`, no `..`, no
 * slash at the end. As Go's `filepath.Clean` on Unix; symbolic links are not looked at.
 */
export function cleanPath(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}
