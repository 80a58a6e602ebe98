import { expect, test } from "bun:test";
import { escapePath, escapeQuery } from "../src/escape.ts";

const marks = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

test("a path keeps what Go keeps in a path", () => {
  expect(escapePath(marks)).toBe(
    "%20%21%22%23$%25&%27%28%29%2A+,-./:;%3C=%3E%3F@%5B%5C%5D%5E_%60%7B%7C%7D~",
  );
});

test("a query keeps the unreserved only, and writes a space as +", () => {
  expect(escapeQuery(marks)).toBe(
    "+%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~",
  );
});

test('text that says "%20" is no space', () => {
  expect(escapeQuery("%20 %20")).toBe("%2520+%2520");
});

test("a pair of surrogates is one character of four bytes", () => {
  expect(escapePath("😀😀")).toBe("%F0%9F%98%80%F0%9F%98%80");
});
