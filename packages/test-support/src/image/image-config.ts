/** What an image says about the processes of its containers: the OCI image config's `config`. */
export interface ImageConfig {
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
}
