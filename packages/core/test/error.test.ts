import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { TaskIOError, type TaskIOErrorCode, taskIOErrorCodes } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

/** As Node's system errors are. */
function systemError(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${code}: it failed`), { code, ...more });
}

describe("a TaskIOError", () => {
  test("carries its code, the errno, the syscall, the path and the cause", () => {
    const cause = new Error("why");
    const about = { errno: "ENOENT", syscall: "open", path: "/x", cause };
    const error = new TaskIOError("NOT_FOUND", "no FIFO", about);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "TaskIOError",
      code: "NOT_FOUND",
      message: "no FIFO",
      ...about,
    });
    expect(String(error)).toBe("TaskIOError: no FIFO");
    expect(error.stack).toContain("error.test.ts");
  });

  test("has no cause unless one was given, and may have undefined as one", () => {
    expect("cause" in new TaskIOError("CLOSED", "closed")).toBe(false);
    expect("cause" in new TaskIOError("CLOSED", "closed", { cause: undefined })).toBe(true);
  });

  test("has a code of a list without doubles", () => {
    expect(new Set(taskIOErrorCodes).size).toBe(taskIOErrorCodes.length);
    expect(taskIOErrorCodes).toHaveLength(16);
  });
});

describe("from()", () => {
  test("gives a TaskIOError back as it is", () => {
    const error = new TaskIOError("IN_USE", "busy");
    expect(TaskIOError.from(error, "ENGINE_FAILED", "read")).toBe(error);
  });

  const byErrno: [string, TaskIOErrorCode][] = [
    ["ENOENT", "NOT_FOUND"],
    ["EACCES", "PERMISSION"],
    ["EPERM", "PERMISSION"],
    ["EROFS", "PERMISSION"],
    ["EPIPE", "PEER_GONE"],
    ["EMFILE", "UNAVAILABLE"],
    ["ENFILE", "UNAVAILABLE"],
    ["ENOMEM", "UNAVAILABLE"],
    ["ENOSPC", "UNAVAILABLE"],
    ["EDQUOT", "UNAVAILABLE"],
    ["EBADF", "INVALID_ARGUMENT"],
    ["EINVAL", "INVALID_ARGUMENT"],
    ["EISDIR", "INVALID_ARGUMENT"],
    ["ENAMETOOLONG", "INVALID_ARGUMENT"],
    ["ENOTDIR", "INVALID_ARGUMENT"],
    ["ELOOP", "INVALID_ARGUMENT"],
    ["EEXIST", "IN_USE"],
    ["ENOSYS", "UNSUPPORTED"],
    ["ENOTSUP", "UNSUPPORTED"],
    ["EIO", "ENGINE_FAILED"], // says too little
  ];
  test.each(byErrno)("a system error with %s becomes %s", (errno, code) => {
    const cause = systemError(errno, { syscall: "open", path: "/x" });
    const error = TaskIOError.from(cause, "ENGINE_FAILED", 'open "/x"');
    expect(error).toMatchObject({ code, errno, syscall: "open", path: "/x", cause });
    expect(error.message).toBe(`failed to open "/x": ${errno}: it failed`);
  });

  test("takes what Bun's own file functions throw", () => {
    const cause = thrown(() => readFileSync("/no/such/file"));
    const error = TaskIOError.from(cause, "ENGINE_FAILED", "read it");
    expect(error).toMatchObject({
      code: "NOT_FOUND",
      errno: "ENOENT",
      syscall: "open",
      path: "/no/such/file",
      cause,
    });
  });

  test("a code that is the runtime's own is no errno", () => {
    const error = TaskIOError.from(systemError("ERR_INVALID_ARG_TYPE"), "ENGINE_FAILED", "open it");
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", errno: undefined });
    for (const code of ["ERR_OTHER", "constructor", "__proto__", ""]) {
      const other = TaskIOError.from(systemError(code), "SINK_FAILED", "write");
      expect(other).toMatchObject({ code: "SINK_FAILED", errno: undefined });
    }
  });

  const anything: [string, unknown, string][] = [
    ["an Error", new Error("why"), "why"],
    ["text", "why", "why"],
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["a number", 7, "7"],
    ["an abort", new DOMException("aborted", "AbortError"), "aborted"],
    ["an object of other types", { code: 5, path: 1, message: "why" }, "why"],
  ];
  test.each(anything)("%s gets the other code, and is kept as the cause", (_, cause, message) => {
    const error = TaskIOError.from(cause, "SOURCE_FAILED", "read stdin");
    expect(error).toMatchObject({
      code: "SOURCE_FAILED",
      errno: undefined,
      syscall: undefined,
      path: undefined,
      message: `failed to read stdin: ${message}`,
    });
    expect(error.cause).toBe(cause);
  });
});

describe("wrap()", () => {
  test("has its code whatever was thrown", () => {
    const cause = systemError("ENOENT", { syscall: "write" });
    const error = TaskIOError.wrap(cause, "SINK_FAILED", "write");
    expect(error).toMatchObject({ code: "SINK_FAILED", errno: "ENOENT", syscall: "write", cause });
  });

  test("keeps what a TaskIOError was about", () => {
    const about = { errno: "EPIPE", syscall: "write", path: "/x" };
    const cause = new TaskIOError("PEER_GONE", "nobody reads", about);
    const error = TaskIOError.wrap(cause, "SINK_FAILED", "write to the sink");
    expect(error).toMatchObject({ code: "SINK_FAILED", ...about, cause });
    expect(error.message).toBe("failed to write to the sink: nobody reads");
  });
});

describe("fromErrno()", () => {
  const call = { doing: 'open "/x"', syscall: "open", path: "/x" };

  test("names the errno and maps it to a code", () => {
    expect(TaskIOError.fromErrno(constants.errno.ENOENT, call)).toMatchObject({
      code: "NOT_FOUND",
      errno: "ENOENT",
      syscall: "open",
      path: "/x",
      message: 'failed to open "/x": ENOENT, open',
    });
  });

  test("says what to do where the errno does not", () => {
    const { EACCES, EMFILE, ENOENT } = constants.errno;
    const advice = [EACCES, EMFILE, ENOENT].map(
      (errno) => TaskIOError.fromErrno(errno, call).message.split(", open")[1],
    );
    expect(advice).toEqual([
      ": check who owns it and its mode",
      ": raise the limit of open files (ulimit -n) or close some",
      "",
    ]);
  });

  test("calls the number of EAGAIN and EWOULDBLOCK EAGAIN", () => {
    expect(TaskIOError.fromErrno(constants.errno.EWOULDBLOCK, call).errno).toBe("EAGAIN");
  });

  test("takes a code that the caller knows better", () => {
    const error = TaskIOError.fromErrno(constants.errno.ENOENT, { ...call, code: "SINK_FAILED" });
    expect(error.code).toBe("SINK_FAILED");
  });

  test("has ENGINE_FAILED for an errno that says too little, and E with the number for an unknown one", () => {
    const { doing, syscall } = call;
    expect(TaskIOError.fromErrno(constants.errno.EIO, call).code).toBe("ENGINE_FAILED");
    expect(TaskIOError.fromErrno(4242, { doing, syscall })).toMatchObject({
      code: "ENGINE_FAILED",
      errno: "E4242",
      path: undefined,
    });
  });
});
