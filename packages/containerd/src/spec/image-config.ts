/** What an image says of its containers: the `config` of an OCI image's configuration. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[] | null;
  /** The arguments after the entrypoint, or the command without one. */
  readonly Cmd?: readonly string[] | null;
  /** `NAME=value` each. */
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
  /** `user`, `uid`, or either with `:group` or `:gid`. */
  readonly User?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly [field: string]: unknown;
}
