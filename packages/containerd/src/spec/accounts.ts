import type { OCISpec } from "../oci-spec.ts";
import { readRootfsFile } from "./read-rootfs-file.ts";
import type { SpecContainer } from "./spec-opt.ts";

/** A line of /etc/passwd. */
interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A line of /etc/group. */
interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The users and groups of a root filesystem. */
export interface Accounts {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
}

/** Those of a container, undefined where its root filesystem can't be looked into. */
export function readAccounts(spec: OCISpec, { layers }: SpecContainer): Accounts | undefined {
  const root = spec.root?.path ?? "";
  const folders = layers ?? (root.startsWith("/") ? [root] : undefined);
  if (!folders) return undefined;
  try {
    return {
      users: linesOf(folders, "etc/passwd").map(toUser).filter(isWhole),
      groups: linesOf(folders, "etc/group").map(toGroup).filter(isWhole),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") return undefined;
    throw error;
  }
}

function linesOf(folders: readonly string[], path: string): string[][] {
  const lines = (readRootfsFile(folders, path) ?? "").split("\n");
  return lines.filter((line) => line && !line.startsWith("#")).map((line) => line.split(":"));
}

function toUser([name = "", , uid = "", gid = ""]: readonly string[]): User {
  return { name, uid: Number(uid || NaN), gid: Number(gid || NaN) };
}

function toGroup([name = "", , gid = "", members = ""]: readonly string[]): Group {
  return { name, gid: Number(gid || NaN), members: members.split(",") };
}

function isWhole({ name, uid = 0, gid }: { name: string; uid?: number; gid: number }): boolean {
  return name !== "" && Number.isInteger(uid) && Number.isInteger(gid);
}
