import type { WebhookEvent } from './webhook-event';

export const MESSAGE_STATES = ['pending', 'delivered', 'dead'] as const;
/**
 * - `pending`: to be told, or to be told again
 * - `delivered`: the receiver has answered 2xx
 * - `dead`: given up; kept, and delivered again when somebody asks for it
 */
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Something to tell an agent's webhook. */
export interface NewMessage {
  readonly accountId: string;
  readonly agentId: string;
  readonly type: WebhookEvent;
  /** What it is about, `call_…` or a number: messages of one subject are told in order. At most 64 ASCII characters. */
  readonly orderKey: string;
  /** Where it belongs among the messages of its subject; those of one place follow in the order of their making. */
  readonly place: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** When the cause happened, Unix milliseconds. */
  readonly at: number;
}
