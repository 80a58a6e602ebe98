/**
 * A process as the OCI runtime spec has it, as far as it is used here; every other field is passed on.
 */
export interface OCIProcess {
  args: readonly string[];
  /** An absolute path in the container. */
  cwd: string;
  /** `NAME=value` each. Without a PATH only absolute commands are found. */
  env?: readonly string[];
  /** Whether it gets a terminal. */
  terminal?: boolean;
  /** The terminal's size at the start; 0 by 0 without it. */
  consoleSize?: { readonly height: number; readonly width: number };
  user?: OCIUser;
  capabilities?: OCICapabilities;
  rlimits?: readonly OCIRlimit[];
  /** Whether no program gets more rights than its caller has, by setuid for one. */
  noNewPrivileges?: boolean;
  [field: string]: unknown;
}

/** Who a process runs as, by number. */
export interface OCIUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids?: readonly number[];
  readonly [field: string]: unknown;
}

/** What root may do in the container, such as `CAP_CHOWN`, by the sets of capabilities(7). */
export interface OCICapabilities {
  readonly bounding?: readonly string[];
  readonly effective?: readonly string[];
  readonly permitted?: readonly string[];
  readonly inheritable?: readonly string[];
  readonly ambient?: readonly string[];
}

/** A limit of setrlimit(2), such as `RLIMIT_NOFILE`. */
export interface OCIRlimit {
  readonly type: string;
  readonly hard: number;
  readonly soft: number;
}

/** A mount in a container. */
export interface OCIMount {
  /** An absolute path in the container. */
  readonly destination: string;
  /** Such as `bind`, `tmpfs`, `proc`. */
  readonly type?: string;
  readonly source?: string;
  /** As in fstab; a bind needs `bind` or `rbind` here too. */
  readonly options?: readonly string[];
  readonly [field: string]: unknown;
}

/** A namespace of the kernel's, which a container has of its own, or shares by its path. */
export interface OCILinuxNamespace {
  /** `pid`, `ipc`, `uts`, `mount`, `network`, `user`, `cgroup` or `time`. */
  readonly type: string;
  /** Such as `/run/netns/web`; a new one without it. */
  readonly path?: string;
}

/** What of a container is Linux's own. */
export interface OCILinux {
  /** What isn't listed is the host's. */
  namespaces?: readonly OCILinuxNamespace[];
  cgroupsPath?: string;
  resources?: { readonly [field: string]: unknown };
  /** Paths that can't be read. */
  maskedPaths?: readonly string[];
  /** Paths that can't be written. */
  readonlyPaths?: readonly string[];
  [field: string]: unknown;
}

/** A container as the OCI runtime spec has it, as far as it is used here; the rest is passed on. */
export interface OCISpec {
  /** Such as `"1.0.2"`. */
  ociVersion: string;
  process?: OCIProcess;
  /** A relative path is one in the folder of the container's bundle. */
  root?: { readonly path: string; readonly readonly?: boolean };
  hostname?: string;
  mounts?: readonly OCIMount[];
  annotations?: Readonly<Record<string, string>>;
  linux?: OCILinux;
  [field: string]: unknown;
}
