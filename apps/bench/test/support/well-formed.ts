/** Why a text is no XML of one root element; undefined where it is. Knows what a chart may have. */
export function malformed(xml: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  let rest = xml.trim();
  const attribute = `\\s+[\\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*"`;
  const opening = new RegExp(`^<([\\w:-]+)(?:${attribute})*\\s*(/?)>`);
  while (rest) {
    const tag = opening.exec(rest);
    const closing = /^<\/([\w:-]+)>/.exec(rest);
    const text = /^(?:[^<&]|&(?:amp|lt|gt|quot);)+/.exec(rest);
    if (tag) {
      if (open.length === 0 && roots++ > 0) return "more than one root";
      if (!tag[2]) open.push(tag[1]!);
    } else if (closing) {
      if (open.pop() !== closing[1]) return `</${closing[1]}> closes something else`;
    } else if (!text || open.length === 0) {
      return `not expected: ${rest.slice(0, 40)}`;
    }
    rest = rest.slice((tag ?? closing ?? text)![0].length);
  }
  return open.length > 0 || roots === 0 ? "no end" : undefined;
}
