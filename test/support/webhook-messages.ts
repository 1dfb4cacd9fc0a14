import { Database } from '../../src/database/database';
import type { NewMessage } from '../../src/outbox/outbox-message';
import { OutboxRepository } from '../../src/outbox/outbox.repository';
import type { WebhookEvent } from '../../src/outbox/webhook-event';
import { createAgent } from '../factories/agent.factory';
import { expectSuccess } from './envelope';
import type { ApiClient, TestApp } from './test-app';

export const CALL_EVENTS = ['call.initiated', 'call.ringing', 'call.answered', 'call.ended'] as const;

export interface WebhookAgent {
  readonly accountId: string;
  readonly agentId: string;
  readonly secret: string;
}

/** What the API tells of a delivery, as far as tests look at it. */
export interface DeliveryView {
  readonly id: string;
  readonly type: WebhookEvent;
  readonly agent_id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly attempts: readonly {
    readonly attempted_at: string;
    readonly url: string;
    readonly status_code: number | null;
    readonly latency_ms: number;
    readonly error: string | null;
    readonly response: string | null;
  }[];
  readonly created_at: string;
  readonly next_attempt_at: string | null;
  readonly settled_at: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

let keys = 0;

/** Names a call that no other test has. */
export function newKey(): string {
  return `call_${String(++keys).padStart(8, '0')}`;
}

/** An agent of the account that the token is of. */
export async function createWebhookAgent(
  api: ApiClient,
  accountId: string,
  webhookUrl: string | null,
): Promise<WebhookAgent> {
  const created = await createAgent(api, { webhook_url: webhookUrl });
  return { accountId, agentId: created.agent_id, secret: created.webhook_secret as string };
}

/** The messages of one call, with their number as `step`. */
export function callMessages(agent: WebhookAgent, orderKey: string, count: number = CALL_EVENTS.length): NewMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    accountId: agent.accountId,
    agentId: agent.agentId,
    type: CALL_EVENTS[index % CALL_EVENTS.length] ?? 'call.ended',
    orderKey,
    place: index + 1,
    data: { call_id: orderKey, step: index + 1 },
    at: Date.now(),
  }));
}

/** Writes messages as those who cause them do. */
export async function append(app: TestApp, messages: readonly NewMessage[]): Promise<void> {
  const outbox = app.nest.get(OutboxRepository, { strict: false });
  const database = app.nest.get(Database, { strict: false });
  await database.transaction((manager) => outbox.append(manager, messages));
}

/** Lets the time until the next tries pass at once. */
export async function hurry(app: TestApp): Promise<void> {
  const database = app.nest.get(Database, { strict: false });
  const now = Date.now();
  await database.transaction(async (manager) => {
    await manager.query('UPDATE outbox_message SET due_at = ? WHERE due_at > ?', [now, now]);
    await manager.query('UPDATE webhook_lane SET held_until = NULL WHERE held_until > ?', [now]);
  });
}

/** Every delivery to an agent, oldest first. */
export async function deliveriesTo(api: ApiClient, agentId: string): Promise<DeliveryView[]> {
  const found: DeliveryView[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { agent_id: agentId, limit: '100', ...(cursor === null ? {} : { cursor }) };
    const page = expectSuccess(await api.get('/api/webhook-delivery').query(query), 200) as {
      items: DeliveryView[];
      next_cursor: string | null;
    };
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found.reverse();
}
