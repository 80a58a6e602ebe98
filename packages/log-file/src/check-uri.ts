import { TaskIOError } from "@taskio/core";
import { checkText } from "./check-text.ts";

const startsWithScheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const controlCharacter = /[\x00-\x1f\x7f]/;
const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

/** The text of a URI that a runtime can parse; throws `INVALID_ARGUMENT` where it could not. */
export function checkURI(uri: string | URL): string {
  const text = uri instanceof URL ? uri.href : uri;
  checkText(text, "log URI");
  const trouble = troubleOf(text);
  if (trouble === undefined) return text;
  throw new TaskIOError("INVALID_ARGUMENT", `invalid log URI ${JSON.stringify(text)}: ${trouble}`);
}

/** What Go's `url.Parse` refuses, or what makes its `Query` drop an argument in silence. */
function troubleOf(uri: string): string | undefined {
  if (!startsWithScheme.test(uri)) {
    return 'start it with a scheme and "://", such as "file:///var/log/web.log"';
  }
  if (controlCharacter.test(uri)) return "escape its control characters, such as %0A";
  if (brokenEscape.test(uri)) return 'write two hex digits after "%", and "%" itself as "%25"';
  return undefined;
}
