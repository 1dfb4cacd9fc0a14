import { basicCredentials } from '../core/basic-credentials';
import { CallBook } from '../core/call-book';
import { BadInput } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { TwilioAccount } from './twilio.account';
import { TwilioAccounts, TwilioCallProtocol } from './twilio.call-protocol';
import { TwilioCalls } from './twilio.calls';
import { DEMO_TWILIO, DEMO_TWILIO_SEED } from './twilio.demo';
import { errorOfStatus, errorReply } from './twilio.errors';
import { effectiveVoiceTarget, numberResource } from './twilio.number';
import { numberPage } from './twilio.page';
import { parseTwilioSeed, TwilioSeed } from './twilio.seed';
import { updateNumber } from './twilio.update';

type Answer = (account: TwilioAccount, request: VendorRequest) => VendorReply;

/**
 * Twilio's REST API as far as routing numbers and placing calls need it, written from
 * https://www.twilio.com/docs/phone-numbers/api, https://www.twilio.com/docs/voice and Twilio's OpenAPI document. Buying, releasing and moving numbers are missing on purpose: nothing should do that.
 */
export class TwilioVendor implements Vendor<TwilioSeed>, TwilioAccounts {
  readonly prefixes = ['/2010-04-01'];
  readonly calls: CallBook;
  readonly adminRoutes = [];
  readonly demoSeed = DEMO_TWILIO_SEED;
  readonly demos = [
    {
      account: DEMO_TWILIO.sid,
      credentials: { account_sid: DEMO_TWILIO.sid, auth_token: DEMO_TWILIO.auth_token },
      numbers: ['+12025551234', '+14165551234', '+442012345678', '+61212345678', '+6512345678', '+971501234567'],
    },
  ] satisfies Vendor<TwilioSeed>['demos'];
  readonly bind = null;
  readonly routes: readonly VendorRoute[];
  private readonly accounts = new Map<string, TwilioAccount>();

  constructor(private readonly context: VendorContext) {
    const now = () => context.now();
    this.calls = new CallBook(new TwilioCallProtocol(this, now), now);
    const calls = new TwilioCalls(this.calls);
    const account = '/2010-04-01/Accounts/:account';
    const number = `${account}/IncomingPhoneNumbers/:number.json`;
    const call = `${account}/Calls/:call.json`;
    this.routes = [
      this.reading(`${account}.json`, (of, request) => this.readAccount(of, request)),
      this.reading(`${account}/IncomingPhoneNumbers.json`, (of, request) => this.listNumbers(of, request)),
      this.reading(number, (of, request) => this.readNumber(of, request)),
      this.writing(number, (of, request) => this.writeNumber(of, request)),
      this.reading(`${account}/Calls.json`, (of, request) => calls.list(of, request)),
      this.writing(`${account}/Calls.json`, (of, request) => calls.create(of, request)),
      this.reading(call, (of, request) => calls.read(of, request)),
      this.writing(call, (of, request) => calls.update(of, request)),
    ];
  }

  account(sid: string): TwilioAccount | undefined {
    return this.accounts.get(sid);
  }

  holderOf(phoneNumber: string): TwilioAccount | undefined {
    return [...this.accounts.values()].find((account) => account.number(phoneNumber));
  }

  failure(status: number, request: VendorRequest): VendorReply {
    return errorReply(errorOfStatus(status, request.path));
  }

  parseSeed(input: unknown): TwilioSeed {
    return parseTwilioSeed(input);
  }

  seed(seed: TwilioSeed): void {
    const now = this.context.now();
    const additions = (seed.accounts ?? []).map((account) => ({
      account,
      numbers: [
        ...(account.numbers ?? []).map((number) => (typeof number === 'string' ? { phone_number: number } : number)),
        ...(account.generate ? expandNumberRange(account.generate) : []).map((number) => ({ phone_number: number })),
      ],
    }));
    const owners = this.owners();
    for (const { account, numbers } of additions) {
      for (const { phone_number: number } of numbers) {
        const owner = owners.get(number) ?? account.sid;
        if (owner !== account.sid) throw new BadInput(`${number} belongs to ${owner} already`);
        owners.set(number, account.sid);
      }
    }
    for (const { account: given, numbers } of additions) {
      const account = this.accounts.get(given.sid) ?? new TwilioAccount(given, now);
      this.accounts.set(account.sid, account);
      for (const key of given.api_keys ?? []) account.apiKeys.set(key.sid, key.secret);
      for (const number of numbers) account.addNumber(number, now);
    }
  }

  hold(account: string, numbers: readonly string[]): void {
    for (const number of numbers) this.accounts.get(account)?.addNumber({ phone_number: number }, this.context.now());
  }

  release(number: string): void {
    for (const account of this.accounts.values()) account.removeNumber(number);
  }

  snapshot(): TwilioSeed {
    return { accounts: [...this.accounts.values()].map((account) => account.snapshot()) };
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.accounts.values()].map((account) => ({
        account: account.sid,
        numbers: account.numbers().map((number) => ({
          number: number.phone_number,
          id: number.sid,
          route: effectiveVoiceTarget(number),
          resource: numberResource(account.sid, number),
        })),
      })),
    };
  }

  private owners(): Map<string, string> {
    const accounts = [...this.accounts.values()];
    return new Map(accounts.flatMap((account) => account.numbers().map((n) => [n.phone_number, account.sid] as const)));
  }

  private reading(path: string, answer: Answer): VendorRoute {
    return { method: 'get', path, effect: 'read', handle: this.authorized(answer) };
  }

  private writing(path: string, answer: Answer): VendorRoute {
    return { method: 'post', path, effect: 'write', handle: this.authorized(answer) };
  }

  /**
   * HTTP Basic with an account's sid and token, or a key's sid and secret. That valid credentials meet 404 on another
   * account, and not 401, is a choice: Twilio does not document it.
   */
  private authorized(answer: Answer): (request: VendorRequest) => VendorReply {
    return (request) => {
      const credentials = basicCredentials(request.header('authorization'));
      if (!credentials) {
        return errorReply({ status: 401, code: 20003, message: 'Authentication Error - No credentials provided' });
      }
      const account = [...this.accounts.values()].find(({ sid, authToken, apiKeys }) =>
        credentials.user === sid
          ? credentials.password === authToken
          : apiKeys.get(credentials.user) === credentials.password,
      );
      if (!account) return this.failure(401, request);
      if (account.sid !== request.params.account) return this.failure(404, request);
      return answer(account, request);
    };
  }

  /** Closed to API keys: "you can't use a Key Secret to get an Account", https://github.com/twilio/twilio-python/issues/259 */
  private readAccount(account: TwilioAccount, request: VendorRequest): VendorReply {
    const isKey = basicCredentials(request.header('authorization'))?.user !== account.sid;
    return isKey ? this.failure(401, request) : { status: 200, body: account.resource() };
  }

  private listNumbers(account: TwilioAccount, request: VendorRequest): VendorReply {
    const page = numberPage(account.sid, account.numbers(), request.query);
    return 'error' in page ? errorReply(page.error) : { status: 200, body: page.body };
  }

  private readNumber(account: TwilioAccount, request: VendorRequest): VendorReply {
    const number = account.numberBySid(request.params.number ?? '');
    if (!number) return this.failure(404, request);
    return { status: 200, body: numberResource(account.sid, number) };
  }

  private writeNumber(account: TwilioAccount, request: VendorRequest): VendorReply {
    const number = account.numberBySid(request.params.number ?? '');
    if (!number) return this.failure(404, request);
    const error = updateNumber(number, request.form, this.context.now());
    return error ? errorReply(error) : { status: 200, body: numberResource(account.sid, number) };
  }
}
