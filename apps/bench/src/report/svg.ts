/** An element of an SVG with what is in it. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...content: readonly string[]
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const opening = `<${name}${pairs.join("")}`;
  return content.length > 0 ? `${opening}>${content.join("")}</${name}>` : `${opening}/>`;
}

/** Text that is nothing but text in XML. */
export function escaped(text: string | number): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return String(text).replace(/[&<>"]/g, (character) => entities[character]!);
}
