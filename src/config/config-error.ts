/** The configuration is at fault; carries every fault at once, a line each, and never the value of a secret. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
  }
}
