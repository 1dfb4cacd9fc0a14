/** What was made at the vendor for the account, by name: identifiers and keys. Stored sealed. */
export type SharedValues = Readonly<Record<string, string>>;

/**
 * What all numbers of a provider account share at the vendor, such as the application that holds our URLs: made once,
 * remembered for every process.
 */
export interface SharedResources {
  /** The name to give at the vendor, stable and of this provider account alone: at most 40 of `A-Za-z0-9_-`. */
  readonly name: string;
  /** What is remembered; `null` while there is nothing. */
  read(): Promise<SharedValues | null>;
  /**
   * Runs `make` while no other process does for this provider account, and remembers what it returns. It is given what
   * is remembered by then, which another process may just have made, and returns that same object where it is still right.
   * It first looks for what an earlier run has made under `name` before its process died.
   * @throws ProviderError `transient` where another process is at it for longer than `signal` lasts
   */
  ensure(make: (remembered: SharedValues | null) => Promise<SharedValues>, signal?: AbortSignal): Promise<SharedValues>;
}
