// What Go's net/url leaves as it is; encodeURI and URLSearchParams leave other characters.
const notInPath = /[^A-Za-z0-9\-_.~$&+,/:;=@]+/g;
const notInQuery = /[^A-Za-z0-9\-_.~]+/g;

/** Escapes a URI's whole path, as Go's `url.URL.EscapedPath` does without a `RawPath`. */
export function escapePath(path: string): string {
  return path.replace(notInPath, percentEncode);
}

/** Escapes a key or a value of a query, as Go's `url.QueryEscape`: a space becomes `+`. */
export function escapeQuery(text: string): string {
  return text.replace(notInQuery, percentEncode).replaceAll("%20", "+");
}

/** Each byte of the text's UTF-8 as `%XX`. */
function percentEncode(text: string): string {
  return Buffer.from(text).toString("hex").toUpperCase().replace(/../g, "%$&");
}
