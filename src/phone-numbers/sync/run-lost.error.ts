/** The run is not this process's any more: its claim has lapsed and was taken, or the provider account has changed. */
export class RunLostError extends Error {
  constructor() {
    super('The sync is in other hands');
    this.name = 'RunLostError';
  }
}
