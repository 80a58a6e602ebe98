import type { OCIMount, OCISpec } from "../oci-spec.ts";

/** What containerd's Go client gives a container: `populateDefaultUnixSpec` of its package oci. */
export function defaultSpec(cgroupsPath: string): OCISpec {
  const capabilities = defaultCapabilities.map((name) => `CAP_${name}`);
  return {
    ociVersion: "1.0.2",
    process: {
      args: [],
      cwd: "/",
      user: { uid: 0, gid: 0 },
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
      },
      rlimits: [{ type: "RLIMIT_NOFILE", hard: 1024, soft: 1024 }],
      noNewPrivileges: true,
    },
    root: { path: "rootfs" }, // of the bundle, where containerd mounts a snapshot
    mounts: [
      mount("/proc", "proc", "proc", "nosuid,noexec,nodev"),
      mount("/dev", "tmpfs", "tmpfs", "nosuid,strictatime,mode=755,size=65536k"),
      mount(
        "/dev/pts",
        "devpts",
        "devpts",
        "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5",
      ),
      mount("/dev/shm", "tmpfs", "shm", "nosuid,noexec,nodev,mode=1777,size=65536k"),
      mount("/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev"),
      mount("/sys", "sysfs", "sysfs", "nosuid,noexec,nodev,ro"),
      mount("/run", "tmpfs", "tmpfs", "nosuid,strictatime,mode=755,size=65536k"),
    ],
    linux: {
      namespaces: ["pid", "ipc", "uts", "mount", "network"].map((type) => ({ type })),
      cgroupsPath,
      resources: { devices: [{ allow: false, access: "rwm" }] },
      maskedPaths: [
        "/proc/acpi",
        "/proc/asound",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/proc/sched_debug",
        "/sys/firmware",
        "/sys/devices/virtual/powercap",
        "/proc/scsi",
      ],
      readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    },
  };
}

const defaultCapabilities = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FSETID",
  "FOWNER",
  "MKNOD",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SETFCAP",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "SYS_CHROOT",
  "KILL",
  "AUDIT_WRITE",
];

function mount(destination: string, type: string, source: string, options: string): OCIMount {
  return { destination, type, source, options: options.split(",") };
}
