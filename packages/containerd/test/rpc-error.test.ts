import { describe, expect, test } from "bun:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { rpcError } from "../src/rpc-error.ts";

const codes: Record<keyof typeof Code, TaskIOErrorCode> = {
  Canceled: "UNAVAILABLE",
  Unknown: "ENGINE_FAILED",
  InvalidArgument: "INVALID_ARGUMENT",
  DeadlineExceeded: "UNAVAILABLE",
  NotFound: "NOT_FOUND",
  AlreadyExists: "IN_USE",
  PermissionDenied: "PERMISSION",
  ResourceExhausted: "UNAVAILABLE",
  FailedPrecondition: "INVALID_ARGUMENT",
  Aborted: "UNAVAILABLE",
  OutOfRange: "INVALID_ARGUMENT",
  Unimplemented: "UNSUPPORTED",
  Internal: "ENGINE_FAILED",
  Unavailable: "UNAVAILABLE",
  DataLoss: "ENGINE_FAILED",
  Unauthenticated: "PERMISSION",
};

describe("a failed call", () => {
  test.each(Object.entries(codes))("with the gRPC code %s is %s", (name, code) => {
    const cause = new ConnectError("why", Code[name as keyof typeof Code]);
    expect(rpcError(cause, "do it")).toMatchObject({
      name: "TaskIOError",
      code,
      message: "failed to do it: why",
      cause,
    });
  });

  test("may say what a state that does not allow it is", () => {
    const error = new ConnectError("why", Code.FailedPrecondition);
    expect(rpcError(error, "do it", "IN_USE").code).toBe("IN_USE");
    expect(rpcError(new ConnectError("why", Code.NotFound), "do it", "IN_USE").code).toBe(
      "NOT_FOUND",
    );
  });

  test.each([
    ["ENOENT", "UNAVAILABLE"], // never NOT_FOUND: the task may well be there
    ["ECONNREFUSED", "UNAVAILABLE"],
    ["ECONNRESET", "UNAVAILABLE"],
    ["EACCES", "PERMISSION"],
  ] as const)("of a connection with %s is %s", (errno, code) => {
    const system = Object.assign(new Error("connect"), { code: errno, syscall: "connect" });
    const cause = new ConnectError("why", Code.Internal, undefined, undefined, system);
    expect(rpcError(cause, "do it")).toMatchObject({ code, errno, syscall: "connect" });
  });

  test("that is a TaskIOError already stays as it is", () => {
    const error = new TaskIOError("CLOSED", "closed");
    expect(rpcError(error, "do it")).toBe(error);
  });

  test("that threw anything keeps it", () => {
    expect(rpcError("oops", "do it")).toMatchObject({ code: "ENGINE_FAILED", cause: "oops" });
  });
});
