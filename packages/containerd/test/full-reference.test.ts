import { expect, test } from "bun:test";
import { fullReference } from "../src/full-reference.ts";

test.each([
  ["busybox", "docker.io/library/busybox:latest"],
  ["busybox:1.36", "docker.io/library/busybox:1.36"],
  ["docker.io/busybox", "docker.io/library/busybox:latest"],
  ["index.docker.io/library/busybox", "docker.io/library/busybox:latest"],
  ["nginx/unit:1", "docker.io/nginx/unit:1"],
  ["localhost/web", "localhost/web:latest"],
  ["localhost:5000/web:2", "localhost:5000/web:2"],
  ["ghcr.io/a/b", "ghcr.io/a/b:latest"],
  ["busybox@sha256:abc", "docker.io/library/busybox@sha256:abc"],
  ["docker.io/library/busybox:latest", "docker.io/library/busybox:latest"],
])("%s is %s", (name, full) => {
  expect(fullReference(name)).toBe(full);
});
