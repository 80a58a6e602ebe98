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

const address = "/run/some.sock";
const failed = (cause: unknown, precondition?: TaskIOErrorCode) =>
  rpcError(cause, "do it", { address, precondition });
/** As a server answers with it: what a server sends has headers. */
const answer = (code: Code) => new ConnectError("why", code, { "grpc-status": String(code) });

describe("a failed call", () => {
  test.each(Object.entries(codes))("with the gRPC code %s is %s", (name, code) => {
    const cause = answer(Code[name as keyof typeof Code]);
    const why = code === "UNAVAILABLE" ? `the server at "${address}" says: why` : "why";
    expect(failed(cause)).toMatchObject({
      name: "TaskIOError",
      code,
      message: `failed to do it: ${why}`,
      cause,
    });
  });

  test("may say what a state that does not allow it is", () => {
    expect(failed(answer(Code.FailedPrecondition), "IN_USE").code).toBe("IN_USE");
    expect(failed(answer(Code.NotFound), "IN_USE").code).toBe("NOT_FOUND");
  });

  test.each([
    ["ENOENT", "UNAVAILABLE"], // never NOT_FOUND: the task may well be there
    ["ECONNREFUSED", "UNAVAILABLE"],
    ["ECONNRESET", "UNAVAILABLE"],
    ["EAGAIN", "UNAVAILABLE"],
    ["EACCES", "PERMISSION"],
  ] as const)("of a connection with %s is %s", (errno, code) => {
    const system = Object.assign(new Error("connect"), { code: errno, syscall: "connect" });
    const cause = new ConnectError("why", Code.Internal, undefined, undefined, system);
    expect(failed(cause)).toMatchObject({ code, errno, syscall: "connect" });
  });

  test.each([Code.Canceled, Code.Aborted, Code.Unavailable, Code.DeadlineExceeded])(
    "that the server did not answer (gRPC code %p) names the server",
    (code) => {
      expect(failed(new ConnectError("why", code))).toMatchObject({
        code: "UNAVAILABLE",
        message: expect.stringMatching(/^failed to do it: the server at "\/run\/some\.sock"/),
      });
    },
  );

  test("that is a TaskIOError already stays as it is", () => {
    const error = new TaskIOError("CLOSED", "closed");
    expect(failed(error)).toBe(error);
  });

  test("that threw anything keeps it", () => {
    expect(failed("oops")).toMatchObject({ code: "ENGINE_FAILED", cause: "oops" });
  });
});
