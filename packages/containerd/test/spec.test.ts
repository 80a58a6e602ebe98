import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  newSpec,
  type OCISpec,
  type SpecOpt,
  withCapabilities,
  withDefaultPathEnv,
  withEnv,
  withHostname,
  withHostNamespace,
  withImageConfig,
  withLinuxNamespace,
  withMounts,
  withProcessArgs,
  withProcessCwd,
  withRootFSPath,
  withRootFSReadonly,
  withTTY,
  withTTYSize,
  withUIDGID,
  withUser,
} from "../src/index.ts";

const container = { id: "web", namespace: "default" };
const spec = (...opts: readonly SpecOpt[]) => newSpec(container, ...opts);
const processOf = (...opts: readonly SpecOpt[]) => spec(...opts).process!;

/** The code of what is thrown. */
function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return "nothing was thrown";
}

describe("a new spec", () => {
  test("has a root of the bundle, namespaces and a cgroup of its own, and no command", () => {
    const { root, process, linux } = spec();
    expect(root).toEqual({ path: "rootfs" });
    expect(process).toMatchObject({ args: [], cwd: "/", user: { uid: 0, gid: 0 } });
    expect(linux?.cgroupsPath).toBe("/default/web");
    const types = linux?.namespaces?.map(({ type }) => type);
    expect(types).toEqual(["pid", "ipc", "uts", "mount", "network"]);
  });

  test("is one of its own", () => {
    const change: SpecOpt = (spec) => {
      spec.process!.args = ["changed"];
      (spec.mounts as unknown[]).length = 0;
      spec.linux!.maskedPaths = [];
    };
    spec(change);
    expect(spec().process!.args).toEqual([]);
    expect(spec().mounts).toHaveLength(7);
    expect(spec().linux!.maskedPaths).not.toBeEmpty();
  });

  test("is refused for what is no identifier", () => {
    expect(codeOf(() => newSpec({ ...container, id: "a/b" }))).toBe("INVALID_ID");
    expect(codeOf(() => newSpec({ ...container, namespace: "../x" }))).toBe("INVALID_ID");
  });

  test("takes options in their order, of one's own too, which know the container", () => {
    const own: SpecOpt = (spec, { id, namespace }) => {
      spec.annotations = { name: `${namespace}/${id}`, cwd: spec.process!.cwd };
    };
    const made = spec(withProcessCwd("/a"), own, withProcessCwd("/b"));
    expect(made.annotations).toEqual({ name: "default/web", cwd: "/a" });
    expect(made.process?.cwd).toBe("/b");
  });
});

describe("options", () => {
  test("of the process", () => {
    const process = processOf(
      withProcessArgs("old", "x"),
      withProcessArgs("sh", "-c", ""),
      withProcessCwd("/srv"),
      withTTY,
      withTTYSize(80, 24),
      withCapabilities(["CAP_KILL"]),
      withUIDGID(7, 8),
    );
    expect(process).toMatchObject({
      args: ["sh", "-c", ""],
      cwd: "/srv",
      terminal: true,
      env: ["TERM=xterm"],
      consoleSize: { width: 80, height: 24 },
      capabilities: { bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"] },
      user: { uid: 7, gid: 8, additionalGids: [8] },
    });
  });

  test("of the environment replace by name, in place, and remove a name without a value", () => {
    const base = withEnv(["A=1", "B=2", "C=x=y", "A=3"]);
    expect(processOf(base).env).toEqual(["A=3", "B=2", "C=x=y"]);
    const over = withEnv(["D=", "C=z", "B", "NONE"]);
    expect(processOf(base, over).env).toEqual(["A=3", "C=z", "D="]);
    expect(processOf(withEnv(["PATH=/x"]), withDefaultPathEnv).env).toHaveLength(1);
  });

  test("of the root filesystem, mounts and namespaces", () => {
    const data = { destination: "/data", type: "bind", source: "/srv", options: ["rbind"] };
    const network = { type: "network", path: "/run/netns/web" } as const;
    const made = spec(
      withRootFSReadonly,
      withRootFSPath("/srv/rootfs"),
      withMounts([data]),
      withHostNamespace("ipc"),
      withLinuxNamespace(network),
      withLinuxNamespace({ type: "cgroup" }),
      withHostname("host"),
    );
    expect(made.root).toEqual({ path: "/srv/rootfs", readonly: true });
    expect(made.mounts).toHaveLength(8);
    expect(made.mounts?.[7]).toEqual(data);
    expect(made.hostname).toBe("host");
    const namespaces = [{ type: "pid" }, { type: "uts" }, { type: "mount" }, network];
    expect(made.linux?.namespaces).toEqual([...namespaces, { type: "cgroup" }]);
  });

  test("make what they need in a spec without it", () => {
    const empty: OCISpec = { ociVersion: "1.0.2" };
    for (const opt of [withTTY, withEnv(["A=1"]), withHostNamespace("pid"), withUser("1:2")]) {
      opt(empty, container);
    }
    expect(empty).toMatchObject({ process: { terminal: true, user: { uid: 1 } }, linux: {} });
  });

  test.each<[string, () => unknown]>([
    ["no command", () => withProcessArgs()],
    ["an empty command", () => withProcessArgs("", "x")],
    ["a NUL byte in an argument", () => withProcessArgs("a", "b\0c")],
    ["a variable without a name", () => withEnv(["=x"])],
    ["a relative working directory", () => withProcessCwd("srv")],
    ["a relative root", () => withRootFSPath("rootfs")],
    ["a relative mount point", () => withMounts([{ destination: "data" }])],
    ["an unknown namespace", () => withHostNamespace("net" as "network")],
    ["a relative namespace", () => withLinuxNamespace({ type: "network", path: "web" })],
    ["an empty hostname", () => withHostname("")],
    ["a hostname that Linux would cut", () => withHostname("x".repeat(65))],
    ["a terminal of a negative size", () => withTTYSize(-1, 24)],
    ["a capability without its prefix", () => withCapabilities(["NET_ADMIN"])],
    ["a negative uid", () => withUIDGID(-1, 0)],
    ["an empty user", () => withUser("")],
    ["an empty group", () => withUser("web:")],
    ["a user of three parts", () => withUser("a:b:c")],
    ["a uid that runc does not take", () => withUser("2147483648")],
    ["a relative working directory of an image", () => withImageConfig({ WorkingDir: "srv" })],
  ])("refuse %s when they are made", (_, make) => {
    expect(codeOf(make)).toBe("INVALID_ARGUMENT");
  });
});

describe("an image's config", () => {
  const config = { Entrypoint: ["/entry", "-v"], Cmd: ["serve"], Env: ["PATH=/bin", "A=image"] };

  test("gives command, environment, folder and user", () => {
    const process = processOf(withImageConfig({ ...config, WorkingDir: "/srv", User: "33:34" }));
    expect(process).toMatchObject({
      args: ["/entry", "-v", "serve"],
      env: ["PATH=/bin", "A=image"],
      cwd: "/srv",
      user: { uid: 33, gid: 34, additionalGids: [34] },
    });
  });

  test("has its Cmd replaced by arguments, and its environment by what was set", () => {
    const process = processOf(withEnv(["A=mine", "B=2"]), withImageConfig(config, ["check", "x"]));
    expect(process.args).toEqual(["/entry", "-v", "check", "x"]);
    expect(process.env).toEqual(["PATH=/bin", "A=mine", "B=2"]);
  });

  test("that says nothing gives a PATH, root and /", () => {
    const nothing = { Entrypoint: null, Cmd: null, Env: null, User: "", WorkingDir: "" };
    for (const config of [{}, nothing]) {
      expect(processOf(withImageConfig(config))).toMatchObject({
        args: [],
        env: [expect.stringContaining("PATH=/usr/local/sbin:")],
        cwd: "/",
        user: { uid: 0, gid: 0 },
      });
    }
  });
});

describe("a user", () => {
  let rootfs: string;
  beforeAll(async () => {
    rootfs = mkdtempSync(join(tmpdir(), "taskio-users-"));
    const users = ["# users", "root:x:0:0::/root:/bin/sh", "web:x:33:34::/:", "bad:x::1::", "half"];
    const groups = ["root:x:0:", "staff:x:50:other,web", "web:x:33:web", "extra:x:77:web,root"];
    mkdirSync(join(rootfs, "etc"));
    await Bun.write(join(rootfs, "etc/passwd"), `${users.join("\n")}\n`);
    await Bun.write(join(rootfs, "etc/group"), `${groups.join("\n")}\n`);
  });
  afterAll(() => rmSync(rootfs, { recursive: true }));

  test.each([
    ["0", 0, 0],
    ["33", 33, 34],
    ["1234", 1234, 0],
    ["33:7", 33, 7],
    ["web", 33, 34],
    ["web:7", 33, 7],
    ["web:staff", 33, 50],
    ["1234:staff", 1234, 50],
  ])("%s is looked up in the root filesystem", (user, uid, gid) => {
    const made = processOf(withRootFSPath(rootfs), withUser(user));
    expect(made.user).toEqual({ uid, gid, additionalGids: [gid] });
    const layered = newSpec({ ...container, layers: [rootfs] }, withUser(user));
    expect(layered.process?.user).toEqual(made.user!);
  });

  test("of an image has its own groups too", () => {
    const root = withRootFSPath(rootfs);
    const groups = (User?: string) =>
      processOf(root, withImageConfig({ ...(User && { User }) })).user?.additionalGids;
    expect(groups("web")).toEqual([34, 50, 77]);
    expect(groups("33")).toEqual([34, 50, 77]);
    expect(groups("1234")).toEqual([0]);
    expect(groups()).toEqual([0, 77]);
  });

  test.each(["nobody", "bad", "half", "web:none", "none:7"])("%s is not found", (user) => {
    expect(codeOf(() => spec(withRootFSPath(rootfs), withUser(user)))).toBe("NOT_FOUND");
  });

  test("is not found where there is no /etc/passwd", () => {
    const root = withRootFSPath(join(rootfs, "etc"));
    expect(codeOf(() => spec(root, withUser("web")))).toBe("NOT_FOUND");
    expect(processOf(root, withUser("33")).user).toMatchObject({ uid: 33, gid: 0 });
  });

  test("by name is refused where there is no folder to look into, by number taken", () => {
    for (const user of ["web", "web:7", "33:staff"]) {
      expect(codeOf(() => spec(withUser(user)))).toBe("UNSUPPORTED");
      expect(codeOf(() => spec(withImageConfig({ User: user })))).toBe("UNSUPPORTED");
    }
    expect(processOf(withUser("33")).user).toEqual({ uid: 33, gid: 0, additionalGids: [0] });
  });
});
