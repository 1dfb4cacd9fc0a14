import type { SharedResources, SharedValues } from '../../../src/providers/contract/shared-resources';

/** What a provider account shares, in memory: one run at a time, as the rows of the database have it. */
export class MemoryResources implements SharedResources {
  values: SharedValues | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly name = 'patchbay-pa_01kawgyqr4e3v9m2t5x8b7c6dn') {}

  read(): Promise<SharedValues | null> {
    return Promise.resolve(this.values);
  }

  ensure(make: (remembered: SharedValues | null) => Promise<SharedValues>): Promise<SharedValues> {
    const run = this.turn.then(async () => (this.values = await make(this.values)));
    this.turn = run.catch(() => undefined);
    return run;
  }
}
