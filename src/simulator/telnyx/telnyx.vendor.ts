import { CallBook } from '../core/call-book';
import { BadInput } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Effect, Vendor, VendorContext, VendorOverview, VendorReply, VendorRoute } from '../core/vendor';
import { Answer, authorized, ok } from './telnyx.access';
import { TelnyxAccount } from './telnyx.account';
import { TelnyxApplications } from './telnyx.applications';
import { TelnyxCallProtocol } from './telnyx.call-protocol';
import { TelnyxCalls } from './telnyx.calls';
import { DEMO_TELNYX_ACCOUNT, DEMO_TELNYX_SEED } from './telnyx.demo';
import { errorOfStatus } from './telnyx.errors';
import { numberResource } from './telnyx.number';
import { TelnyxNumbers } from './telnyx.numbers';
import { parseTelnyxSeed, TelnyxSeed } from './telnyx.seed';

/**
 * Telnyx's API as far as routing numbers to TeXML applications and placing calls needs it, written from
 * https://developers.telnyx.com/api-reference and the docstrings of https://www.npmjs.com/package/telnyx.
 */
export class TelnyxVendor implements Vendor<TelnyxSeed> {
  readonly prefixes = ['/v2'];
  readonly adminRoutes = [];
  readonly demoSeed = DEMO_TELNYX_SEED;
  readonly demos = [DEMO_TELNYX_ACCOUNT] as const;
  readonly bind = null;
  readonly calls: CallBook;
  readonly routes: readonly VendorRoute[];
  private readonly accounts = new Map<string, TelnyxAccount>();

  constructor(private readonly context: VendorContext) {
    const now = () => context.now();
    this.calls = new CallBook(new TelnyxCallProtocol(this, now), now);
    this.routes = this.allRoutes(new TelnyxNumbers(now), new TelnyxApplications(now), new TelnyxCalls(this.calls));
  }

  account(sid: string): TelnyxAccount | undefined {
    return this.accounts.get(sid);
  }

  holderOf(phoneNumber: string): TelnyxAccount | undefined {
    return [...this.accounts.values()].find((account) => account.number(phoneNumber));
  }

  failure(status: number): VendorReply {
    return errorOfStatus(status);
  }

  parseSeed(input: unknown): TelnyxSeed {
    return parseTelnyxSeed(input);
  }

  seed(seed: TelnyxSeed): void {
    const additions = (seed.accounts ?? []).map((given) => ({
      given,
      numbers: [
        ...(given.numbers ?? []).map((number) => (typeof number === 'string' ? { phone_number: number } : number)),
        ...(given.generate ? expandNumberRange(given.generate) : []).map((number) => ({ phone_number: number })),
      ],
    }));
    const owners = this.owners();
    for (const { given, numbers } of additions) {
      for (const { phone_number: number } of numbers) {
        const owner = owners.get(number) ?? given.account_sid;
        if (owner !== given.account_sid) throw new BadInput(`${number} belongs to ${owner} already`);
        owners.set(number, given.account_sid);
      }
    }
    for (const { given, numbers } of additions) {
      const account = this.accounts.get(given.account_sid) ?? new TelnyxAccount(given);
      this.accounts.set(account.sid, account);
      account.add(given, numbers, this.context.now());
    }
  }

  snapshot(): TelnyxSeed {
    return { accounts: [...this.accounts.values()].map((account) => account.snapshot()) };
  }

  hold(account: string, numbers: readonly string[]): void {
    const holder = this.accounts.get(account);
    if (!holder) throw new BadInput(`there is no account ${account}`);
    this.seed({ accounts: [{ ...holder.identity, numbers: [...numbers] }] });
  }

  release(number: string): void {
    this.holderOf(number)?.removeNumber(number);
  }

  overview(): VendorOverview {
    const now = this.context.now();
    return {
      accounts: [...this.accounts.values()].map((account) => ({
        account: account.sid,
        numbers: account.numbers().map((number) => ({
          number: number.phone_number,
          id: number.id,
          route: account.destinationOf(number, now),
          resource: numberResource(
            number,
            number.connection_id === null ? null : account.connection(number.connection_id),
          ),
        })),
      })),
    };
  }

  private owners(): Map<string, string> {
    const accounts = [...this.accounts.values()];
    return new Map(accounts.flatMap((account) => account.numbers().map((n) => [n.phone_number, account.sid] as const)));
  }

  private allRoutes(
    numbers: TelnyxNumbers,
    applications: TelnyxApplications,
    calls: TelnyxCalls,
  ): readonly VendorRoute[] {
    const route = (method: VendorRoute['method'], path: string, effect: Effect, answer: Answer): VendorRoute => ({
      method,
      path: `/v2${path}`,
      effect,
      handle: authorized(() => this.accounts.values(), answer),
    });
    const call = '/texml/Accounts/:account/Calls/:call';
    return [
      route('get', '/balance', 'read', readBalance),
      route('get', '/whoami', 'read', readSelf),
      route('get', '/phone_numbers', 'read', (account, request) => numbers.list(account, request)),
      route('get', '/phone_numbers/slim', 'read', (account, request) => numbers.list(account, request)),
      route('get', '/phone_numbers/voice', 'read', (account, request) => numbers.listVoice(account, request)),
      route('post', '/phone_numbers/actions/verify_ownership', 'read', (account, request) =>
        numbers.verifyOwnership(account, request),
      ),
      route('get', '/phone_numbers/:id', 'read', (account, request) => numbers.read(account, request)),
      route('patch', '/phone_numbers/:id', 'write', (account, request) => numbers.update(account, request)),
      route('get', '/phone_numbers/:id/voice', 'read', (account, request) => numbers.readVoice(account, request)),
      route('patch', '/phone_numbers/:id/voice', 'write', (account, request) => numbers.updateVoice(account, request)),
      route('get', '/texml_applications', 'read', (account, request) => applications.list(account, request)),
      route('post', '/texml_applications', 'write', (account, request) => applications.create(account, request)),
      route('get', '/texml_applications/:id', 'read', (account, request) => applications.read(account, request)),
      route('patch', '/texml_applications/:id', 'write', (account, request) => applications.update(account, request)),
      route('delete', '/texml_applications/:id', 'write', (account, request) => applications.delete(account, request)),
      route('get', '/outbound_voice_profiles', 'read', (account, request) =>
        applications.listProfiles(account, request),
      ),
      route('post', '/texml/calls/:connection', 'write', (account, request) =>
        calls.createOnConnection(account, request),
      ),
      route('post', '/texml/Accounts/:account/Calls', 'write', (account, request) =>
        calls.createOnAccount(account, request),
      ),
      route('get', '/texml/Accounts/:account/Calls', 'read', (account, request) => calls.list(account, request)),
      route('get', call, 'read', (account, request) => calls.read(account, request)),
      route('post', call, 'write', (account, request) => calls.update(account, request)),
      route('get', '/calls/:call', 'read', (account, request) => calls.readStatus(account, request)),
      route('post', '/calls/:call/actions/hangup', 'write', (account, request) => calls.hangup(account, request)),
    ];
  }
}

/**
 * Not in the reference. Those who place calls by TeXML read the name of their account from it:
 * https://github.com/pipecat-ai/pipecat-examples/blob/main/telnyx-chatbot/outbound/README.md
 */
function readSelf({ sid }: TelnyxAccount): VendorReply {
  return ok({ record_type: 'whoami', organization_id: sid });
}

function readBalance(): VendorReply {
  return ok({
    record_type: 'balance',
    balance: '300.00',
    credit_limit: '100.00',
    available_credit: '400.00',
    pending: '10.00',
    currency: 'USD',
  });
}
