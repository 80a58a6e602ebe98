/** The type URLs of payloads that containerd keeps as JSON. */
export const typeURL = {
  /** The OCI spec of a container. */
  spec: "types.containerd.io/opencontainers/runtime-spec/1/Spec",
  /** The OCI process of an exec. */
  process: "types.containerd.io/opencontainers/runtime-spec/1/Process",
  /** Linux resources of an update. */
  resources: "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources",
} as const;
