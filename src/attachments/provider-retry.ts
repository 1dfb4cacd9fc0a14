import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock';
import type { ProviderName } from '../common/provider-name';
import { Database } from '../database/database';
import { statusChanges } from '../phone-numbers/news/number-change';
import { NumberNews } from '../phone-numbers/news/number-news';
import { AttachmentsRepository } from './attachments.repository';
import type { NumberRow } from './number-state';

/** Has what a provider refused, or could not be told, asked anew. */
@Injectable()
export class ProviderRetry {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly repository: AttachmentsRepository,
    private readonly news: NumberNews,
  ) {}

  /** For credentials that have changed. */
  async retry(accountId: string, provider: ProviderName): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (manager) => {
      const refused = await this.repository.lockRefused(manager, accountId, provider);
      await this.repository.retryProvider(manager, accountId, provider, now);
      await this.news.tell(manager, accountId, refused.flatMap(askedAnew), now);
    });
  }
}

function askedAnew({ agentId, status, ...row }: NumberRow): ReturnType<typeof statusChanges> {
  return agentId === null ? [] : statusChanges(status, { ...row, agentId, status: 'pending', reason: null });
}
