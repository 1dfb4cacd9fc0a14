import { choiceOf, e164Of, flagOf, integerOf, listOf, recordOf, textOf, textOr } from '../core/input';
import { BandwidthOrder } from './bandwidth.model';

const KEYS = [
  'id',
  'kind',
  'customer_order_id',
  'created_at',
  'polls_left',
  'numbers',
  'site_id',
  'peer_id',
  'activate',
  'result',
];

/** Orders are part of the state, or a restart would forget a move that was promised. */
export function parseOrder(input: unknown, where: string): BandwidthOrder {
  const order = recordOf(input, where, KEYS);
  return {
    id: textOf(order.id, `${where}.id`),
    kind: choiceOf(order.kind, ['move', 'activation'], `${where}.kind`),
    customer_order_id: textOr(order.customer_order_id, null, `${where}.customer_order_id`),
    created_at: integerOf(order.created_at, 0, Number.MAX_SAFE_INTEGER, `${where}.created_at`),
    polls_left: integerOf(order.polls_left, 0, Number.MAX_SAFE_INTEGER, `${where}.polls_left`),
    numbers: numbersOf(order.numbers, `${where}.numbers`),
    site_id: textOr(order.site_id, null, `${where}.site_id`),
    peer_id: textOr(order.peer_id, null, `${where}.peer_id`),
    activate: order.activate === null || order.activate === undefined ? null : flagOf(order.activate, where),
    result: order.result === null || order.result === undefined ? null : parseResult(order.result, `${where}.result`),
  };
}

function parseResult(input: unknown, where: string): NonNullable<BandwidthOrder['result']> {
  const result = recordOf(input, where, ['done', 'failed']);
  return { done: numbersOf(result.done, `${where}.done`), failed: numbersOf(result.failed, `${where}.failed`) };
}

function numbersOf(input: unknown, where: string): string[] {
  return listOf(input, where).map((number, at) => e164Of(number, `${where}[${at}]`));
}
