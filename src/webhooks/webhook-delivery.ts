import { AppError } from '../common/errors/app-error';
import { isId } from '../common/ids';
import { decodePageCursor } from '../http/pagination/page';
import type { MessageState } from '../outbox/outbox-message';
import type { WebhookEvent } from '../outbox/webhook-event';
import type { AttemptRecord } from './delivery';

/** Ties a cursor to the list of deliveries. */
export const DELIVERY_LIST = 'webhook-delivery';

/** A message as it is told of afterwards. Times in Unix milliseconds. */
export interface StoredDelivery {
  readonly messageId: string;
  readonly agentId: string;
  readonly type: WebhookEvent;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly body: string;
  readonly createdAt: number;
  readonly dueAt: number | null;
  readonly settledAt: number | null;
}

export interface StoredAttempt extends AttemptRecord {
  readonly messageId: string;
}

/** All that are given must hold. */
export interface DeliveryFilter {
  readonly agentId?: string;
  readonly state?: MessageState;
  readonly type?: WebhookEvent;
}

/** @throws AppError `WEBHOOK_DELIVERY_NOT_FOUND` for what has not the form of a message's id: no query could find it */
export function readMessageId(value: string): string {
  return isId('message', value) ? value : deliveryNotFound(value);
}

export function deliveryNotFound(messageId: string): never {
  const details = [{ field: 'id', message: 'no such webhook delivery', value: messageId }];
  throw new AppError('WEBHOOK_DELIVERY_NOT_FOUND', { details });
}

/**
 * The message that the page starts after. Whatever else a forged cursor holds never reaches the database.
 * @throws AppError `VALIDATION_FAILED`
 */
export function readDeliveryCursor(cursor: string | undefined): string | undefined {
  const key = decodePageCursor(DELIVERY_LIST, cursor);
  if (key === undefined || isId('message', key)) return key;
  const message = 'cursor is not one of this list';
  throw new AppError('VALIDATION_FAILED', { details: [{ field: 'cursor', message, value: cursor }] });
}
