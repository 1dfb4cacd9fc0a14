import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../common/clock';
import { isId } from '../common/ids';
import { Database } from '../database/database';
import { type Page, toPage } from '../http/pagination/page';
import { WebhookDeliveryDto } from './dto/webhook-delivery.dto';
import type { WebhookDeliveryQuery } from './dto/webhook-delivery.query';
import { LanesRepository } from './lanes.repository';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository';
import {
  DELIVERY_LIST,
  deliveryNotFound,
  readDeliveryCursor,
  readMessageId,
  type StoredAttempt,
  type StoredDelivery,
} from './webhook-delivery';

/** What is and was told to agents' webhooks, and telling it again. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly lanes: LanesRepository,
  ) {}

  /** Newest first; two statements whatever the size of the page. */
  async list(accountId: string, query: WebhookDeliveryQuery): Promise<Page<WebhookDeliveryDto>> {
    const { limit, agent_id: agentId, status: state, type } = query;
    const before = readDeliveryCursor(query.cursor);
    const isPossible = agentId === undefined || isId('agent', agentId);
    const { rows, attempts } = await this.database.read(async (manager) => {
      const rows = isPossible
        ? await this.deliveries.list(manager, accountId, { agentId, state, type }, before, limit + 1)
        : [];
      return { rows, attempts: await this.attemptsOf(manager, rows.slice(0, limit)) };
    });
    return toPage(
      DELIVERY_LIST,
      rows,
      limit,
      ({ messageId }) => messageId,
      (row) => WebhookDeliveryDto.from(row, attempts.get(row.messageId)),
    );
  }

  /** @throws AppError `WEBHOOK_DELIVERY_NOT_FOUND` */
  async get(accountId: string, messageId: string): Promise<WebhookDeliveryDto> {
    readMessageId(messageId);
    return this.database.read((manager) => this.describe(manager, accountId, messageId));
  }

  /**
   * Makes a message due now: one that is settled with all its tries before it again, a pending one with those that are left.
   * Its id stays, so that the receiver can tell that it has had it.
   * @throws AppError `WEBHOOK_DELIVERY_NOT_FOUND`
   */
  async redeliver(accountId: string, messageId: string): Promise<WebhookDeliveryDto> {
    readMessageId(messageId);
    return this.database.transaction(async (manager) => {
      const now = this.clock.now();
      const message = (await this.deliveries.lock(manager, accountId, messageId)) ?? deliveryNotFound(messageId);
      if (message.state !== 'pending') await this.deliveries.revive(manager, messageId, now);
      await this.deliveries.hurry(manager, message, now);
      await this.lanes.unhold(manager, message.agentId);
      return this.describe(manager, accountId, messageId);
    });
  }

  private async describe(manager: EntityManager, accountId: string, messageId: string): Promise<WebhookDeliveryDto> {
    const row = (await this.deliveries.find(manager, accountId, messageId)) ?? deliveryNotFound(messageId);
    return WebhookDeliveryDto.from(row, (await this.attemptsOf(manager, [row])).get(messageId));
  }

  private async attemptsOf(
    manager: EntityManager,
    rows: readonly StoredDelivery[],
  ): Promise<Map<string, StoredAttempt[]>> {
    const ids = rows.map(({ messageId }) => messageId);
    const attempts = await this.deliveries.attempts(manager, ids);
    return new Map(ids.map((id) => [id, attempts.filter(({ messageId }) => messageId === id)]));
  }
}
