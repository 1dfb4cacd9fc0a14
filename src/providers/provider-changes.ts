import { Injectable, Logger } from '@nestjs/common';
import type { ProviderName } from '../common/provider-name';

export interface ProviderChange {
  readonly accountId: string;
  readonly provider: ProviderName;
}

export type ProviderChangeListener = (change: ProviderChange) => Promise<void>;

/** Tells others of new credentials once they are committed, so that what had failed for lack of them is tried again. */
@Injectable()
export class ProviderChanges {
  private readonly logger = new Logger(ProviderChanges.name);
  private readonly listeners: ProviderChangeListener[] = [];

  onChanged(listener: ProviderChangeListener): void {
    this.listeners.push(listener);
  }

  /** Never rejects: the change itself has succeeded, whatever becomes of its consequences. */
  async emit(change: ProviderChange): Promise<void> {
    const results = await Promise.allSettled(this.listeners.map(async (listener) => listener(change)));
    for (const result of results) {
      if (result.status === 'rejected')
        this.logger.error({ err: result.reason as unknown, ...change }, 'listener failed');
    }
  }
}
