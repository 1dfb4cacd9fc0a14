import { basicCredentials } from '../core/basic-credentials';
import { CallBook } from '../core/call-book';
import { BadInput, recordOf, textOr } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { ExotelAccount } from './exotel.account';
import { ExotelAccounts, ExotelCallProtocol, newCallSid } from './exotel.call-protocol';
import { callList } from './exotel.call-list';
import { callResource } from './exotel.call-resource';
import { ConnectRequest, parseConnect } from './exotel.connect';
import { DEMO_EXOTEL, DEMO_EXOTEL_SEED } from './exotel.demo';
import { errorOfStatus, errorReply, reply } from './exotel.errors';
import { numberResource } from './exotel.number';
import { numberPage } from './exotel.page';
import { ExotelSeed, parseExotelSeed, parseFlow } from './exotel.seed';
import { updateNumber } from './exotel.update';

type Answer = (account: ExotelAccount, request: VendorRequest) => VendorReply;

/**
 * Exotel's API as far as routing ExoPhones and placing calls need it, written from https://developer.exotel.com/api and
 * https://docs.exotel.com/exotel-agentstream. Both regions end at the one base that replaces their hosts, so nothing tells
 * which of them was asked; the region of an account shows in the URLs of its flows.
 */
export class ExotelVendor implements Vendor<ExotelSeed>, ExotelAccounts {
  readonly prefixes = ['/v1/Accounts', '/v2_beta/Accounts'];
  readonly calls: CallBook;
  readonly routes: readonly VendorRoute[];
  readonly adminRoutes: readonly VendorRoute[] = [
    { method: 'post', path: '/flow', effect: 'write', handle: ({ json }) => this.setFlow(json) },
  ];
  readonly demoSeed = DEMO_EXOTEL_SEED;
  readonly demos = [
    {
      account: DEMO_EXOTEL.sid,
      credentials: {
        account_sid: DEMO_EXOTEL.sid,
        api_key: DEMO_EXOTEL.api_key,
        api_token: DEMO_EXOTEL.api_token,
        region: DEMO_EXOTEL.region,
        app_id: DEMO_EXOTEL.app_id,
        country: 'IN',
      },
      numbers: ['+918047281001', '+918047281002', '+911147281003', '+912247281004'],
    },
  ] satisfies Vendor<ExotelSeed>['demos'];
  private readonly accounts = new Map<string, ExotelAccount>();

  constructor(private readonly context: VendorContext) {
    const now = () => context.now();
    this.calls = new CallBook(new ExotelCallProtocol(this, now), now);
    const numbers = '/v2_beta/Accounts/:account/IncomingPhoneNumbers';
    const calls = '/v1/Accounts/:account/Calls';
    this.routes = [
      this.route('get', numbers, (of, { query }) => ({ status: 200, body: numberPage(of, query) })),
      this.route('get', `${numbers}/:number`, (of, request) => this.readNumber(of, request)),
      this.route('put', `${numbers}/:number`, (of, request) => this.writeNumber(of, request)),
      this.route('post', `${calls}/connect.json`, (of, request) => this.connect(of, request)),
      this.route('post', `${calls}/connect`, (of, request) => this.connect(of, request)),
      this.route('get', `${calls}.json`, (of, request) => this.listCalls(of, request)),
      this.route('get', `${calls}/:call.json`, (of, request) => this.readCall(of, request)),
      this.route('get', `${calls}/:call`, (of, request) => this.readCall(of, request)),
    ];
  }

  account(sid: string): ExotelAccount | undefined {
    return this.accounts.get(sid);
  }

  holderOf(phoneNumber: string): ExotelAccount | undefined {
    return [...this.accounts.values()].find((account) => account.number(phoneNumber));
  }

  failure(status: number, request: VendorRequest): VendorReply {
    return errorReply(errorOfStatus(status), request);
  }

  parseSeed(input: unknown): ExotelSeed {
    return parseExotelSeed(input);
  }

  seed(seed: ExotelSeed): void {
    const additions = (seed.accounts ?? []).map((account) => ({
      account,
      numbers: [
        ...(account.numbers ?? []).map((number) => (typeof number === 'string' ? { phone_number: number } : number)),
        ...(account.generate ? expandNumberRange(account.generate) : []).map((number) => ({ phone_number: number })),
      ],
    }));
    const owners = new Map(
      [...this.accounts.values()].flatMap((account) =>
        account.numbers().map((number) => [number.phone_number, account.sid] as const),
      ),
    );
    for (const { account, numbers } of additions) {
      for (const { phone_number: number } of numbers) {
        const owner = owners.get(number) ?? account.sid;
        if (owner !== account.sid) throw new BadInput(`${number} belongs to ${owner} already`);
        owners.set(number, account.sid);
      }
    }
    for (const { account: given, numbers } of additions) {
      const account = this.accounts.get(given.sid) ?? new ExotelAccount(given);
      for (const flow of given.flows ?? []) account.addFlow(flow);
      for (const number of numbers) account.addNumber(number);
      this.accounts.set(account.sid, account);
    }
  }

  snapshot(): ExotelSeed {
    return { accounts: [...this.accounts.values()].map((account) => account.snapshot()) };
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.accounts.values()].map((account) => ({
        account: account.sid,
        numbers: account.numbers().map((number) => {
          const flow = account.flowAt(number.voice_url);
          const route = flow ? { kind: 'flow', ...flow } : { kind: 'none' };
          return { number: number.phone_number, id: number.sid, route, resource: numberResource(number) };
        }),
      })),
    };
  }

  hold(account: string, numbers: readonly string[]): void {
    for (const number of numbers) this.accounts.get(account)?.addNumber({ phone_number: number });
  }

  release(number: string): void {
    for (const account of this.accounts.values()) account.removeNumber(number);
  }

  /** The URL of the flow that was built for us, in the account that holds the number. */
  readonly bind = (number: string, url: string): void => {
    const flow = { app_id: DEMO_EXOTEL.app_id, dynamic_url: url, status_callback: `${url}/status` };
    this.holderOf(number)?.setFlow(flow);
  };

  private route(method: VendorRoute['method'], path: string, answer: Answer): VendorRoute {
    return { method, path, effect: method === 'get' ? 'read' : 'write', handle: this.authorized(answer) };
  }

  /**
   * HTTP Basic with API key and token. That good credentials meet 404 on another account's path is a choice: Exotel does not
   * document it.
   */
  private authorized(answer: Answer): (request: VendorRequest) => VendorReply {
    return (request) => {
      const credentials = basicCredentials(request.header('authorization'));
      const account = [...this.accounts.values()].find(
        ({ apiKey, apiToken }) => apiKey === credentials?.user && apiToken === credentials.password,
      );
      if (!account) return this.failure(401, request);
      if (account.sid !== request.params.account) return this.failure(404, request);
      return answer(account, request);
    };
  }

  private readNumber(account: ExotelAccount, request: VendorRequest): VendorReply {
    const number = account.numberBySid(request.params.number ?? '');
    return number ? { status: 200, body: numberResource(number) } : this.failure(404, request);
  }

  private writeNumber(account: ExotelAccount, request: VendorRequest): VendorReply {
    const number = account.numberBySid(request.params.number ?? '');
    if (!number) return this.failure(404, request);
    const error = updateNumber(account, number, request.form);
    return error ? errorReply(error, request) : { status: 200, body: numberResource(number) };
  }

  private connect(account: ExotelAccount, request: VendorRequest): VendorReply {
    const parsed = parseConnect(account, request.form);
    if ('error' in parsed) return errorReply(parsed.error, request);
    const { exoPhone, dialled } = parsed.call;
    const call = this.calls.place({
      id: newCallSid(),
      account: account.sid,
      from: exoPhone.phone_number,
      to: dialled,
      details: detailsOf(parsed.call),
    });
    return reply(200, 'Call', { ...callResource(call, false), Status: 'in-progress' }, request);
  }

  private listCalls(account: ExotelAccount, request: VendorRequest): VendorReply {
    const list = callList(account.sid, this.calls.list(), request.query, this.context.now());
    return 'error' in list ? errorReply(list.error, request) : { status: 200, body: list.body };
  }

  private readCall(account: ExotelAccount, request: VendorRequest): VendorReply {
    const call = this.calls.find(request.params.call ?? '');
    if (call?.account !== account.sid) return this.failure(404, request);
    return reply(200, 'Call', callResource(call, request.query.get('details') === 'true'), request);
  }

  /** What the customer does in App Bazaar: a flow that exists is changed, another one is made in the account named. */
  private setFlow(input: unknown): VendorReply {
    const { account: sid, ...given } = recordOf(input, 'flow', ['account', 'app_id', 'dynamic_url', 'status_callback']);
    const flow = parseFlow(given, 'flow');
    const named = textOr(sid, undefined, 'flow.account');
    const account =
      named === undefined ? [...this.accounts.values()].find((one) => one.flow(flow.app_id)) : this.accounts.get(named);
    if (!account)
      throw new BadInput(named === undefined ? `there is no flow ${flow.app_id}` : `there is no account ${named}`);
    const former = account.flow(flow.app_id);
    const isKept = given.status_callback === undefined && former !== undefined;
    const changed = isKept ? { ...flow, status_callback: former.status_callback } : flow;
    account.setFlow(changed);
    return { status: 200, body: { account: account.sid, ...changed, url: account.urlOf(changed) } };
  }
}

function detailsOf(call: ConnectRequest): Record<string, string> {
  const details = {
    number_sid: call.exoPhone.sid,
    stream_url: call.streamUrl,
    app_id: call.appId,
    status_callback: call.statusCallback,
    events: call.events.length > 0 ? call.events.join(',') : undefined,
    custom_field: call.customField,
  };
  return Object.fromEntries(
    Object.entries(details).filter((member): member is [string, string] => member[1] !== undefined),
  );
}
