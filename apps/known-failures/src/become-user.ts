/** From now on this process is another user's, with no rights but those. */
export function becomeUser(uid: number, gid: number): void {
  process.setgroups!([]);
  process.setgid!(gid);
  process.setuid!(uid);
}
