import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../common/clock';
import { ProviderError } from '../../contract/provider-error';
import { abandoned } from './bandwidth.error';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** For callers that set no limit of their own. */
const PATIENCE_MS = 60_000;

export type Sleep = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

export const realSleep: Sleep = async (ms, signal) => {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    throw signal?.aborted ? abandoned(signal) : error;
  }
};

/** Waits for Bandwidth's orders, which are carried out some time after they were taken. */
export class Patience {
  constructor(
    private readonly clock: Clock,
    private readonly sleep: Sleep,
  ) {}

  /**
   * What `look` finds, once it is not `null`.
   * @throws ProviderError `transient` where the signal or the patience ends first
   */
  async until<T>(look: () => Promise<T | null>, signal: AbortSignal | undefined): Promise<T> {
    const giveUpAt = this.clock.now() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const found = await look();
      if (found !== null) return found;
      if (this.clock.now() + pause > giveUpAt) {
        throw new ProviderError('transient', 'Bandwidth has not yet carried out the order', { timedOut: true });
      }
      await this.sleep(pause, signal);
    }
  }
}
