import type { Call } from '../call';
import { callIdOf } from '../call-id';
import { advance, type CallEvent, isUnderWay } from '../call-state';
import type { CallChange, CallHeardOf, CallRecord, CallStarted } from './call-change';

/** Something that has come to pass, with the call as it was then. */
export interface LedgerEvent {
  readonly type: CallEvent;
  readonly call: Call;
}

/** A number's calls under way, one more or fewer. */
export interface SlotChange {
  readonly accountId: string;
  readonly e164: string;
  readonly by: number;
}

interface Entry extends CallRecord {
  readonly isNew: boolean;
  readonly hasChanged: boolean;
}

/**
 * The calls of one transaction, from what is stored to what is to be: changes go in in the order they came, rows, counts and
 * events come out. Knows no database.
 */
export class CallLedger {
  readonly events: LedgerEvent[] = [];
  private readonly entries = new Map<string, Entry>();
  private readonly byProviderCall = new Map<string, string>();
  private readonly slots = new Map<string, SlotChange>();

  /** @param now Unix milliseconds */
  constructor(
    stored: readonly CallRecord[],
    private readonly now: number,
  ) {
    for (const record of stored) this.put({ ...record, isNew: false, hasChanged: false });
  }

  /** Whether the news are about a call that is not here, so that they would be lost. */
  isUnknown(change: CallHeardOf): boolean {
    return this.find(change) === null;
  }

  apply(change: CallChange): void {
    if (change.kind === 'started') this.start(change);
    else this.hear(change);
  }

  /** Calls that have no row yet. */
  get inserts(): CallRecord[] {
    return [...this.entries.values()].filter(({ isNew }) => isNew);
  }

  /** Calls whose row is to be another one. */
  get updates(): CallRecord[] {
    return [...this.entries.values()].filter(({ isNew, hasChanged }) => !isNew && hasChanged);
  }

  /** In the order of the numbers, which is that of all locks on them. */
  get slotChanges(): SlotChange[] {
    const changes = [...this.slots.values()].filter(({ by }) => by !== 0);
    return changes.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }

  private start({ call, holdsSlot }: CallStarted): void {
    if (this.entries.has(call.callId)) return;
    this.put({ call, holdsSlot, isNew: true, hasChanged: false });
    if (holdsSlot) this.count(call, 1);
    this.events.push({ type: 'call.initiated', call: begun(call) });
    if (!isUnderWay(call.status)) this.events.push({ type: 'call.ended', call });
  }

  private hear(change: CallHeardOf): void {
    const entry = this.find(change);
    if (!entry) return;
    const { state, events } = advance(entry.call, change.news, this.now);
    const call = { ...entry.call, ...state, ...namesOf(entry.call, change) };
    const holdsSlot = entry.holdsSlot && isUnderWay(call.status);
    if (entry.holdsSlot && !holdsSlot) this.count(call, -1);
    this.put({ call, holdsSlot, isNew: entry.isNew, hasChanged: true });
    for (const type of events) this.events.push({ type, call: type === 'call.answered' ? answered(call) : call });
  }

  private find({ callId, providerAccountId, about }: CallHeardOf): Entry | null {
    const known = callId === null ? undefined : this.entries.get(callId);
    if (known) return known.call.providerAccountId === providerAccountId ? known : null;
    for (const name of about.providerCallIds) {
      const id = this.byProviderCall.get(`${providerAccountId}\n${name}`) ?? callIdOf(providerAccountId, name);
      const entry = this.entries.get(id);
      if (entry) return entry;
    }
    return null;
  }

  private put(entry: Entry): void {
    const { callId, providerAccountId, providerCallId } = entry.call;
    this.entries.set(callId, entry);
    if (providerCallId !== null) this.byProviderCall.set(`${providerAccountId}\n${providerCallId}`, callId);
  }

  private count({ accountId, e164 }: Call, by: number): void {
    const key = keyOf({ accountId, e164 });
    this.slots.set(key, { accountId, e164, by: (this.slots.get(key)?.by ?? 0) + by });
  }
}

function keyOf({ accountId, e164 }: Pick<SlotChange, 'accountId' | 'e164'>): string {
  return `${accountId} ${e164}`;
}

/**
 * A call that we have placed is known by the name that the vendor's requests give it, once there are any. News of our own
 * making, where the vendor has given none, name it as we do.
 */
function namesOf({ callId, direction, providerCallId }: Call, { about }: CallHeardOf): Pick<Call, 'providerCallId'> {
  const [name] = about.providerCallIds;
  return { providerCallId: direction === 'outbound' && name !== callId ? name : providerCallId };
}

/** As it was when it began. */
function begun(call: Call): Call {
  return { ...call, status: 'initiated', answeredAt: null, endedAt: null, durationS: null, endReason: null };
}

/** As it was when it was answered, though its end may be known by now. */
function answered(call: Call): Call {
  return { ...call, status: 'in_progress', endedAt: null, durationS: null, endReason: null };
}
