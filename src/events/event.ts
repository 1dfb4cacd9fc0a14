/**
 * - `number.route_drifted`: the provider no longer held the route that it had confirmed; `before` is what it was told, `after`
 *   what it held instead
 */
export const EVENT_TYPES = ['number.route_drifted'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export type EventValues = Readonly<Record<string, string | number | boolean | null>>;

/** Something that changed. */
export interface NewEvent {
  readonly accountId: string;
  readonly type: EventType;
  readonly e164: string | null;
  readonly agentId: string | null;
  readonly provider: string | null;
  readonly before: EventValues | null;
  readonly after: EventValues | null;
  /** Unix milliseconds. */
  readonly occurredAt: number;
}

export interface StoredEvent extends NewEvent {
  readonly eventId: string;
}
