import { TaskIOError } from "@taskio/core";
import type { OCISpec } from "../oci-spec.ts";
import { type Accounts, readAccounts } from "./accounts.ts";
import { checkText, invalidArgument } from "./invalid-argument.ts";
import { processOf, type SpecOpt } from "./spec-opt.ts";

/** runc takes no more. */
const maxID = 2 ** 31 - 1;

/**
 * Who it runs as, in the words of images: `uid`, `uid:gid`, `user`, `user:group` or a mix. Names are
 * looked up in the root filesystem's /etc/passwd and /etc/group, as is the group of a uid alone, which
 * is 0 where it isn't found. Go: `oci.WithUser`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`; as the spec is made `NOT_FOUND` (no such user or group),
 * `UNSUPPORTED` (a name, and the root filesystem can't be looked into from here: give numbers)
 *
 * @example
 * ```ts
 * import { newSpec, withUser } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withUser("33:33"));
 * console.log(spec.process?.user); // { uid: 33, gid: 33, additionalGids: [ 33 ] }
 * ```
 */
export function withUser(user: string): SpecOpt {
  checkText(user, "user");
  const [name = "", group, ...rest] = user.split(":");
  if (name === "" || group === "" || rest.length > 0) {
    throw invalidArgument(
      `invalid user ${JSON.stringify(user)}: give user, uid, or either with :group`,
    );
  }
  const [uid, gid] = [numberOf(name, user), numberOf(group, user)];
  return (spec, container) => {
    if (uid !== undefined && gid !== undefined) return setUser(spec, uid, gid);
    const accounts = readAccounts(spec, container);
    if (!accounts && (uid === undefined || group !== undefined)) throw unknownNames(user);
    const found = accounts?.users.find((one) =>
      uid === undefined ? one.name === name : one.uid === uid,
    );
    if (!found && uid === undefined) throw notThere(`user "${name}"`, "/etc/passwd");
    setUser(spec, uid ?? found!.uid, gid ?? gidOf(group, accounts) ?? found?.gid ?? 0);
  };
}

/**
 * Who it runs as, by number. Go: `oci.WithUIDGID`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { newSpec, withUIDGID } from "@taskio/containerd";
 *
 * const spec = newSpec({ id: "web", namespace: "default" }, withUIDGID(1000, 100));
 * console.log(spec.process?.user?.uid); // 1000
 * ```
 */
export function withUIDGID(uid: number, gid: number): SpecOpt {
  for (const id of [uid, gid]) {
    if (!isID(id)) throw invalidArgument(`invalid uid or gid ${id}: give 0 to ${maxID}`);
  }
  return (spec) => setUser(spec, uid, gid);
}

/**
 * Adds the groups that the user of the process is a member of by /etc/group, where that can be read.
 * Go: `oci.WithAdditionalGIDs`.
 */
export const withOwnGroups: SpecOpt = (spec, container) => {
  const accounts = readAccounts(spec, container);
  const { uid, gid } = processOf(spec).user ?? { uid: 0, gid: 0 };
  const name = accounts?.users.find((user) => user.uid === uid)?.name ?? (uid === 0 ? "root" : "");
  const groups = accounts?.groups.filter((group) => name && group.members.includes(name)) ?? [];
  setUser(
    spec,
    uid,
    gid,
    groups.filter((group) => group.name !== name).map((group) => group.gid),
  );
};

/** A user's own group is one of its groups too. */
function setUser(spec: OCISpec, uid: number, gid: number, groups: readonly number[] = []): void {
  const { additionalGids: _, ...user } = processOf(spec).user ?? {};
  processOf(spec).user = { ...user, uid, gid, additionalGids: [...new Set([gid, ...groups])] };
}

function gidOf(group: string | undefined, accounts: Accounts | undefined): number | undefined {
  if (group === undefined) return undefined;
  const found = accounts?.groups.find(({ name }) => name === group);
  if (found) return found.gid;
  throw notThere(`group "${group}"`, "/etc/group");
}

/** Of a number; undefined of a name. */
function numberOf(text: string | undefined, user: string): number | undefined {
  if (!text || !/^[+-]?\d+$/.test(text)) return undefined;
  if (isID(Number(text))) return Number(text);
  throw invalidArgument(`invalid user ${JSON.stringify(user)}: ids are 0 to ${maxID}`);
}

function isID(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= maxID;
}

function notThere(what: string, file: string): TaskIOError {
  return new TaskIOError("NOT_FOUND", `no ${what} in the root filesystem's ${file}: give a number`);
}

function unknownNames(user: string): TaskIOError {
  return new TaskIOError(
    "UNSUPPORTED",
    `"${user}" has a name, and the root filesystem can't be looked into from here: give numbers, ` +
      `such as withUser("33:33")`,
  );
}
