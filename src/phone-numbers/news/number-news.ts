import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OutboxRepository } from '../../outbox/outbox.repository';
import { isInterested, type WebhookInterest } from '../../outbox/webhook-event';
import { AgentInterestRepository } from './agent-interest.repository';
import { messageOf, type NumberChange } from './number-change';

type Interests = ReadonlyMap<string, WebhookInterest>;

const NONE_KNOWN: Interests = new Map();

/** Has agents' webhooks told what has become of their numbers, each agent of what it wants to be told of. */
@Injectable()
export class NumberNews {
  constructor(
    private readonly interests: AgentInterestRepository,
    private readonly outbox: OutboxRepository,
  ) {}

  /**
   * In the transaction of the changes, and in their order. At most one statement to read and one for every 500 messages,
   * and none where there is nothing to tell.
   * @param known what agents want that the caller has read already; of the others it is read here
   * @param at when it happened, Unix milliseconds
   */
  async tell(
    manager: EntityManager,
    accountId: string,
    changes: readonly NumberChange[],
    at: number,
    known: Interests = NONE_KNOWN,
  ): Promise<void> {
    const concerned = new Set(changes.map(({ number }) => number.agentId));
    const unread = [...concerned].filter((agentId) => !known.has(agentId));
    const read = unread.length > 0 ? await this.interests.of(manager, accountId, unread) : NONE_KNOWN;
    const wanted = changes.filter(({ type, number: { agentId } }) => {
      const interest = known.get(agentId) ?? read.get(agentId);
      return interest !== undefined && isInterested(interest, type);
    });
    await this.outbox.append(
      manager,
      wanted.map((change) => messageOf(accountId, change, at)),
    );
  }
}
