import { VendorReply, VendorRequest } from '../core/vendor';
import { jsonBody, ok } from './telnyx.access';
import { TelnyxAccount } from './telnyx.account';
import { TelnyxError } from './telnyx.errors';
import { connectionAt, numberResource, TelnyxNumber, voiceResource } from './telnyx.number';
import { pageReply, sorted } from './telnyx.page';
import { CallForwarding } from './telnyx.seed';

type Resource = (account: TelnyxAccount, number: TelnyxNumber) => unknown;

/** https://developers.telnyx.com/api-reference/phone-number-configurations. Buying and releasing are missing on purpose. */
export class TelnyxNumbers {
  constructor(private readonly now: () => number) {}

  list(account: TelnyxAccount, request: VendorRequest): VendorReply {
    return this.page(account, request.query, (of, number) => this.resource(of, number));
  }

  listVoice(account: TelnyxAccount, request: VendorRequest): VendorReply {
    return this.page(account, request.query, (of, number) => this.voice(of, number));
  }

  read(account: TelnyxAccount, request: VendorRequest): VendorReply {
    return ok(this.resource(account, numberOf(account, request)));
  }

  readVoice(account: TelnyxAccount, request: VendorRequest): VendorReply {
    return ok(this.voice(account, numberOf(account, request)));
  }

  /**
   * Only members that are sent change. That an empty connection is the way to have none, and that `null` is refused, is a
   * choice: Telnyx documents a text.
   */
  update(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const number = numberOf(account, request);
    const body = jsonBody(request);
    const connectionId = textIn(body, 'connection_id');
    const reference = textIn(body, 'customer_reference');
    const billingGroup = textIn(body, 'billing_group_id');
    const tags = tagsIn(body.tags);
    if (connectionId && !account.connection(connectionId)) throw new TelnyxError(10017, '/connection_id');

    const now = this.now();
    if (connectionId !== undefined) account.connect(number, connectionId === '' ? null : connectionId, now);
    if (reference !== undefined) number.customer_reference = reference;
    if (billingGroup !== undefined) number.billing_group_id = billingGroup === '' ? null : billingGroup;
    if (tags !== undefined) number.tags = tags;
    number.updated_at = new Date(now).toISOString();
    // The answer shows what was asked for, even while readers still see what was before.
    return ok(numberResource(number, connectionOf(account, number.connection_id)));
  }

  /** Has no say in the connection. */
  updateVoice(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const number = numberOf(account, request);
    const body = jsonBody(request);
    const translated = textIn(body, 'translated_number');
    const forwarding = forwardingIn(body.call_forwarding);
    if (translated !== undefined) number.translated_number = translated;
    number.call_forwarding = { ...number.call_forwarding, ...forwarding };
    number.updated_at = new Date(this.now()).toISOString();
    return ok(this.voice(account, number));
  }

  verifyOwnership(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const { phone_numbers: asked } = jsonBody(request);
    if (!Array.isArray(asked)) throw new TelnyxError(10004, '/phone_numbers');
    const named = asked.map((number) => ({ number: String(number), owned: account.number(String(number)) }));
    const found = named.flatMap(({ owned }) => (owned ? [{ id: owned.id, number_val_e164: owned.phone_number }] : []));
    const notFound = named.filter(({ owned }) => !owned).map(({ number }) => number);
    return ok({ record_type: 'number_ownership_verification', found, not_found: notFound });
  }

  private page(account: TelnyxAccount, query: URLSearchParams, resource: Resource): VendorReply {
    const wanted = account.numbers().filter((number) => this.matches(number, query));
    const numbers = sorted(wanted, query.get('sort'), (number, member) => {
      if (member === 'phone_number') return number.phone_number;
      return member === 'connection_name' ? this.connection(account, number)?.name : undefined;
    });
    return pageReply(numbers, query, (number) => resource(account, number));
  }

  private matches(number: TelnyxNumber, query: URLSearchParams): boolean {
    const [part, status, country] = ['phone_number', 'status', 'country_iso_alpha2'].map((name) =>
      query.get(`filter[${name}]`),
    );
    const connectionId = query.get('filter[connection_id]');
    return (
      (!part || includesDigits(number.phone_number, part)) &&
      (!status || number.status === status) &&
      (!country || number.country_iso_alpha2 === country) &&
      (!connectionId || connectionAt(number, this.now()) === connectionId)
    );
  }

  private resource(account: TelnyxAccount, number: TelnyxNumber): unknown {
    return numberResource(number, this.connection(account, number));
  }

  private voice(account: TelnyxAccount, number: TelnyxNumber): unknown {
    return voiceResource(number, this.connection(account, number)?.id ?? null);
  }

  private connection(account: TelnyxAccount, number: TelnyxNumber): { id: string; name: string } | null {
    return connectionOf(account, connectionAt(number, this.now()));
  }
}

/** "Requires at least three digits. Non-numerical characters will result in no values being returned." */
function includesDigits(phoneNumber: string, part: string): boolean {
  return /^\d{3,}$/.test(part) && phoneNumber.includes(part);
}

function numberOf(account: TelnyxAccount, { params }: VendorRequest): TelnyxNumber {
  const number = account.numberById(params.id ?? '');
  if (!number) throw new TelnyxError(10005);
  return number;
}

function connectionOf(account: TelnyxAccount, id: string | null): { id: string; name: string } | null {
  return id === null ? null : (account.connection(id) ?? { id, name: '' });
}

function textIn(body: Readonly<Record<string, unknown>>, member: string): string | undefined {
  const value = body[member];
  if (value !== undefined && typeof value !== 'string') throw new TelnyxError(10015, `/${member}`);
  return value;
}

function tagsIn(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((tag) => typeof tag === 'string')) throw new TelnyxError(10015, '/tags');
  return value;
}

function forwardingIn(value: unknown): Partial<CallForwarding> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw new TelnyxError(10015, '/call_forwarding');
  const { call_forwarding_enabled: enabled, forwards_to: to, forwarding_type: type } = value as Record<string, unknown>;
  if (enabled !== undefined && typeof enabled !== 'boolean') {
    throw new TelnyxError(10015, '/call_forwarding/call_forwarding_enabled');
  }
  if (to !== undefined && (typeof to !== 'string' || !/^(\+[1-9]\d{6,14})?$/.test(to))) {
    throw new TelnyxError(10016, '/call_forwarding/forwards_to');
  }
  if (type !== undefined && type !== '' && type !== 'always' && type !== 'on-failure') {
    throw new TelnyxError(10015, '/call_forwarding/forwarding_type');
  }
  return {
    ...(enabled === undefined ? {} : { call_forwarding_enabled: enabled }),
    ...(to === undefined ? {} : { forwards_to: to }),
    ...(type === undefined ? {} : { forwarding_type: type }),
  };
}
