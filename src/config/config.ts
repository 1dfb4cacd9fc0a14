/** `sqlite` is the embedded default; `mysql` stands for MySQL and everything that speaks its protocol. */
export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'mysql';
      readonly host: string;
      readonly port: number;
      readonly username: string;
      readonly password: string;
      readonly database: string;
      /** Connections of one process. */
      readonly poolSize: number;
      readonly tls: boolean;
    };

export type Role = 'api' | 'worker' | 'all';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Everything that the environment decides, read once and validated; nothing else reads `process.env`. */
export interface Config {
  readonly production: boolean;
  readonly role: Role;
  readonly http: {
    readonly port: number;
    readonly host: string;
    /** What providers and clients are told; no trailing slash. */
    readonly publicUrl: string;
  };
  readonly database: DatabaseConfig;
  /** Run migrations at start. */
  readonly migrate: boolean;
  /** AES-256 keys; the first seals, all open. */
  readonly secretsKeys: readonly Buffer[];
  /** Where agents without `connect` are answered; `{agent_id}` and `{call_id}` are filled in. */
  readonly mediaUrl: string | null;
  readonly demo: boolean;
  /** By provider name: one base that replaces every host of that vendor. */
  readonly providerUrls: Readonly<Record<string, string>>;
  readonly routing: {
    /** How long attach waits for the provider, in milliseconds. */
    readonly inlineMs: number;
    /** How often a settled route is read again at the provider, in milliseconds; 0 = never. */
    readonly driftIntervalMs: number;
  };
  readonly sync: {
    /** How often the numbers of a provider account are imported without being asked to, in milliseconds; 0 = never. */
    readonly intervalMs: number;
  };
  readonly calls: {
    /** How long after the last word of a call its provider is asked how it goes, in milliseconds. */
    readonly checkAfterMs: number;
  };
  readonly webhooks: {
    /** For one try to deliver, in milliseconds. */
    readonly timeoutMs: number;
    /** Between the first try and the second, in milliseconds; the later ones are multiples of it. */
    readonly retryBaseMs: number;
  };
  /** Whether customers' URLs may point to private addresses. */
  readonly allowPrivateUrls: boolean;
  readonly log: { readonly level: LogLevel; readonly format: 'json' | 'pretty' };
}

/** Nest's injection token of the `Config`. */
export const CONFIG = Symbol('CONFIG');
