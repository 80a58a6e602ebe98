import { thrown } from "@taskio/test-support";
import { describe, expect, test } from "bun:test";
import { logURI, terminalLogURI } from "../src/index.ts";
import { invalidArgument } from "./invalid-argument.ts";

describe.each([
  ["logURI", logURI],
  ["terminalLogURI", terminalLogURI],
])("%s", (_name, make) => {
  test.each([
    "file:///var/log/web.log",
    "binary:///l?b=1&a=2&a=3#x",
    "FILE:///a/../b//c!*'() d?~=*",
    "file://host/é",
    "ttrpc+unix:///run/s?streaming_id=1",
    "x://",
  ])("%s goes through as given", async (uri) => {
    expect((await make(uri)("t1")).config.stdout).toBe(uri);
  });

  test("a URL goes as its href, as it is now", async () => {
    const url = new URL("binary:///l?a=1");
    const create = make(url);
    url.searchParams.set("a", "2");
    expect((await create("t1")).config.stdout).toBe("binary:///l?a=1");
  });

  test.each(["", "/var/log/x", "file:/x", "file:x", "://x", "1a://x", " file:///x", "a b://x"])(
    "%j without a scheme and :// is refused",
    (uri) => {
      const part = `invalid log URI ${JSON.stringify(uri)}: start it with a scheme and "://"`;
      expect(thrown(() => make(uri))).toEqual(invalidArgument(part));
    },
  );

  test("a URL without :// is refused", () => {
    expect(thrown(() => make(new URL("data:x")))).toEqual(invalidArgument('"data:x"'));
  });

  test.each(["file:///a\nb", "file:///a\0b", "file:///a?k=\t", "file:///\x7f", "file:///a\n"])(
    "%j with a control character is refused, as Go's url.Parse does",
    (uri) => {
      expect(thrown(() => make(uri))).toEqual(invalidArgument("escape its control characters"));
    },
  );

  test.each(["file:///100%", "file:///%4", "file:///%zz", "binary:///l?load=100%&a=1"])(
    "%s with a broken escape is refused",
    (uri) => {
      expect(thrown(() => make(uri))).toEqual(invalidArgument('"%" itself as "%25"'));
    },
  );

  test("half of a surrogate pair is refused", () => {
    expect(thrown(() => make("file:///\ud800"))).toEqual(invalidArgument("surrogate"));
  });

  test("what is no string and no URL is refused", () => {
    const anything = make as (uri: unknown) => unknown;
    expect(thrown(() => anything(undefined))).toEqual(invalidArgument("of type undefined"));
    expect(thrown(() => anything({ href: "file:///x" }))).toEqual(
      invalidArgument("of type object"),
    );
  });
});
