import { CallBook } from '../core/call-book';
import { BadInput, e164Of, recordOf, textOf } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { writeXml } from '../core/xml';
import { dialledE164, OzonetellAccount } from './ozonetell.account';
import { newUcid, OzonetellCalls, testRequest } from './ozonetell.calls';
import { DEMO_OZONETELL_ACCOUNT, DEMO_OZONETELL_SEED } from './ozonetell.demo';
import { isWebUrl, OzonetellAccountSeed, OzonetellNumber, OzonetellSeed, parseOzonetellSeed } from './ozonetell.seed';

const PORTAL_TIMEOUT_MS = 10_000;

/**
 * Ozonetel's KooKoo and the little of CloudAgent that goes with it. There is no API for numbers or routes: the customer
 * enters an "Application URL" in the portal. Errors come in an answer of 200; their words are stand-ins.
 */
export class OzonetellVendor implements Vendor<OzonetellSeed> {
  readonly prefixes = ['/outbound', '/api/v1/CallControl', '/ca_apis'];
  readonly routes: readonly VendorRoute[];
  readonly adminRoutes: readonly VendorRoute[];
  readonly calls: CallBook;
  readonly demoSeed = DEMO_OZONETELL_SEED;
  readonly demos = [DEMO_OZONETELL_ACCOUNT] as const;
  private readonly accounts = new Map<string, OzonetellAccount>();
  private readonly protocol: OzonetellCalls;

  constructor(private readonly context: VendorContext) {
    this.protocol = new OzonetellCalls(this.accounts, (id) => this.calls.find(id));
    this.calls = new CallBook(this.protocol, () => context.now());
    this.routes = [
      { method: 'get', path: '/outbound/outbound.php', effect: 'write', handle: (request) => this.dialOut(request) },
      {
        method: 'get',
        path: '/api/v1/CallControl/Disconnect',
        effect: 'write',
        handle: (request) => this.disconnect(request),
      },
      {
        method: 'post',
        path: '/ca_apis/CAToken/generateToken',
        effect: 'read',
        handle: (request) => this.generateToken(request),
      },
    ];
    this.adminRoutes = [
      { method: 'post', path: '/portal', effect: 'write', handle: ({ json }) => this.enterAppUrl(json) },
      { method: 'post', path: '/test-url', effect: 'read', handle: ({ json }) => this.testAppUrl(json) },
    ];
  }

  account(userName: string): OzonetellAccount | undefined {
    return this.accounts.get(userName);
  }

  failure(status: number, { path }: VendorRequest): VendorReply {
    const message = status === 404 ? 'Not Found' : `Request failed (${status})`;
    return path.startsWith('/outbound') ? xml('error', message, status) : json('error', message, status);
  }

  parseSeed(input: unknown): OzonetellSeed {
    return parseOzonetellSeed(input);
  }

  seed(seed: OzonetellSeed): void {
    const additions = (seed.accounts ?? []).map((account) => ({ account, numbers: numbersOf(account) }));
    const owners = new Map(
      [...this.accounts.values()].flatMap(({ userName, numbers }) =>
        [...numbers.keys()].map((number) => [number, userName] as const),
      ),
    );
    for (const { account, numbers } of additions) {
      for (const { number } of numbers) {
        const owner = owners.get(number) ?? account.user_name;
        if (owner !== account.user_name) throw new BadInput(`${number} belongs to ${owner} already`);
        owners.set(number, account.user_name);
      }
    }
    for (const { account: given, numbers } of additions) {
      const account = this.accounts.get(given.user_name) ?? new OzonetellAccount(given);
      this.accounts.set(account.userName, account);
      for (const number of numbers) {
        if (!account.numbers.has(number.number)) account.numbers.set(number.number, number);
      }
    }
  }

  snapshot(): OzonetellSeed {
    return { accounts: [...this.accounts.values()].map((account) => account.snapshot()) };
  }

  hold(userName: string, numbers: readonly string[]): void {
    const account = this.accounts.get(userName);
    if (!account) throw new BadInput(`there is no account ${userName}`);
    this.seed({ accounts: [{ ...account.identity, numbers: [...numbers] }] });
  }

  release(number: string): void {
    for (const { numbers } of this.accounts.values()) numbers.delete(number);
  }

  /** What the customer does in the portal: `null` takes the URL away. */
  bind(number: string, appUrl: string | null): OzonetellNumber {
    const owned = this.owned(number);
    if (appUrl !== null && !isWebUrl(appUrl)) throw new BadInput('app_url must be an http or https URL');
    owned.app_url = appUrl;
    return owned;
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.accounts.values()].map((account) => ({
        account: account.userName,
        numbers: [...account.numbers.values()].map(({ number, app_url }) => ({
          number,
          id: number,
          route: { app_url },
        })),
      })),
    };
  }

  /** `outbound.php`: the answer carries the identifier of the call, which is not placed yet. */
  private dialOut({ query }: VendorRequest): VendorReply {
    const refused = (message: string) => xml('error', message);
    const account = this.byKey(query.get('api_key'));
    if (!account) return refused('Invalid API key');
    const to = dialledE164(query.get('phone_no') ?? '');
    if (to === undefined) return refused('phone_no is missing or invalid');
    if (query.get('outbound_version') !== '2') return refused('outbound_version must be 2');
    const callerId = query.get('caller_id');
    const own = callerId === null ? [...account.numbers.values()][0] : account.number(callerId);
    if (!own) return refused('caller_id is not a number of the account');
    const url = query.get('url');
    const extra = query.get('extra_data');
    if (!url && !extra) return refused('url or extra_data is required');
    if (url && !isWebUrl(url)) return refused('url is invalid');
    const callback = query.get('callback_url');
    if (callback !== null && !isWebUrl(callback)) return refused('callback_url is invalid');
    const call = this.calls.place({
      id: newUcid(),
      account: account.userName,
      from: own.number,
      to,
      details: {
        ...(url ? { url } : {}),
        ...(extra === null ? {} : { extra_data: extra }),
        ...(callback === null ? {} : { callback_url: callback }),
      },
    });
    return xml('queued', call.id);
  }

  private disconnect({ query }: VendorRequest): VendorReply {
    const account = this.byKey(query.get('api_key'));
    if (!account) return json('error', 'Invalid API key');
    const own = account.number(query.get('did'));
    if (!own) return json('error', 'did is missing or invalid');
    const call = this.calls.find(query.get('ucid') ?? '');
    const isOn = call?.account === account.userName && [call.from, call.to].includes(own.number);
    if (!isOn || call.ended_at !== null) return json('fail', 'Call not found');
    this.protocol.hangUp(call.id);
    void this.calls.end(call.id, { status: call.answered_at === null ? 'canceled' : 'completed' });
    return json('success', 'Call disconnected');
  }

  private generateToken(request: VendorRequest): VendorReply {
    const given = request.json;
    const userName = typeof given === 'object' && given && 'userName' in given ? given.userName : undefined;
    const account = typeof userName === 'string' ? this.accounts.get(userName) : undefined;
    if (account?.apiKey !== request.header('apikey') || !account) return json('error', 'Invalid userName or apiKey');
    const token = account.issueToken(this.context.now());
    return token === null ? json('error', 'Token generation limit exceeded') : { status: 200, body: { token } };
  }

  /** `{number, app_url}`. */
  private enterAppUrl(input: unknown): VendorReply {
    const given = recordOf(input, 'portal', ['number', 'app_url']);
    const appUrl = given.app_url === null ? null : textOf(given.app_url, 'app_url');
    return { status: 200, body: this.bind(e164Of(given.number, 'number'), appUrl) };
  }

  /** The portal's "Test Application URL": `{number}`. */
  private async testAppUrl(input: unknown): Promise<VendorReply> {
    const number = this.owned(e164Of(recordOf(input, 'test', ['number']).number, 'number'));
    if (number.app_url === null) throw new BadInput(`${number.number} has no application URL`);
    const { method, url } = testRequest(number.app_url);
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PORTAL_TIMEOUT_MS) });
      const contentType = response.headers.get('content-type') ?? '';
      const answer = { status: response.status, contentType, text: await response.text() };
      const account = [...this.accounts.values()].find(({ numbers }) => numbers.has(number.number));
      const { understood } = this.protocol.read(answer, account);
      return { status: 200, body: { method, url, http_status: answer.status, content_type: contentType, understood } };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { status: 200, body: { method, url, http_status: null, error: message } };
    }
  }

  private owned(e164: string): OzonetellNumber {
    for (const { numbers } of this.accounts.values()) {
      const number = numbers.get(e164);
      if (number) return number;
    }
    throw new BadInput(`no account has ${e164}`);
  }

  private byKey(apiKey: string | null): OzonetellAccount | undefined {
    return [...this.accounts.values()].find((account) => account.apiKey === apiKey);
  }
}

function numbersOf(account: OzonetellAccountSeed): OzonetellNumber[] {
  const generated = account.generate ? expandNumberRange(account.generate) : [];
  return [...(account.numbers ?? []), ...generated].map((number) =>
    typeof number === 'string' ? { number, app_url: null } : { ...number },
  );
}

function xml(status: string, message: string, httpStatus = 200): VendorReply {
  const body = writeXml('response', [writeXml('status', status), writeXml('message', message)]);
  return { status: httpStatus, headers: { 'Content-Type': 'text/xml; charset=UTF-8' }, body };
}

function json(status: string, message: string, httpStatus = 200): VendorReply {
  return { status: httpStatus, body: { status, message } };
}
