import { basicCredentials } from '../core/basic-credentials';
import { CallBook } from '../core/call-book';
import { BadInput } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { PlivoAccount } from './plivo.account';
import { PlivoAccounts, PlivoCallProtocol } from './plivo.call-protocol';
import { PlivoCalls } from './plivo.calls';
import { DEMO_PLIVO, DEMO_PLIVO_SEED } from './plivo.demo';
import { failureOf } from './plivo.errors';
import { numberResource } from './plivo.number';
import {
  createApplication,
  deleteApplication,
  listApplications,
  listNumbers,
  readAccount,
  readApplication,
  readNumber,
  updateApplication,
  writeNumber,
} from './plivo.resources';
import { parsePlivoSeed, PlivoAccountSeed, PlivoNumberSeed, PlivoSeed } from './plivo.seed';

type Handler = (account: PlivoAccount, request: VendorRequest) => VendorReply;

const ACCOUNT = '/v1/Account/:auth/';

/**
 * Plivo's REST API as far as routing numbers and placing calls need it, written from https://www.plivo.com/docs and Plivo's
 * SDK. All paths end in a slash. Renting and unrenting numbers are missing on purpose: nothing should do that.
 */
export class PlivoVendor implements Vendor<PlivoSeed>, PlivoAccounts {
  readonly prefixes = ['/v1/Account'];
  readonly calls: CallBook;
  readonly adminRoutes = [];
  readonly bind = null;
  readonly demoSeed = DEMO_PLIVO_SEED;
  readonly demos = [
    {
      account: DEMO_PLIVO.auth_id,
      credentials: DEMO_PLIVO,
      numbers: ['+14155550123', '+12125550145', '+442079460958', '+918035551234'],
    },
  ] satisfies Vendor<PlivoSeed>['demos'];
  readonly routes: readonly VendorRoute[];
  private readonly accounts = new Map<string, PlivoAccount>();

  constructor(private readonly context: VendorContext) {
    this.calls = new CallBook(new PlivoCallProtocol(this), () => context.now());
    const calls = new PlivoCalls(this.calls, () => context.now());
    this.routes = [
      this.route('get', ACCOUNT, readAccount),
      // As Plivo's SDK asks, which also leaves out the slash behind a call.
      this.route('get', `${ACCOUNT}/`, readAccount),
      this.route('get', `${ACCOUNT}Number/`, listNumbers),
      this.route('get', `${ACCOUNT}Number/:number/`, readNumber),
      this.route('post', `${ACCOUNT}Number/:number/`, writeNumber),
      this.route('get', `${ACCOUNT}Application/`, listApplications),
      this.route('post', `${ACCOUNT}Application/`, createApplication),
      this.route('get', `${ACCOUNT}Application/:application/`, readApplication),
      this.route('post', `${ACCOUNT}Application/:application/`, updateApplication),
      this.route('delete', `${ACCOUNT}Application/:application/`, deleteApplication),
      this.route('get', `${ACCOUNT}Call/`, (account, request) => calls.list(account, request)),
      this.route('post', `${ACCOUNT}Call/`, (account, request) => calls.create(account, request)),
      this.route('get', `${ACCOUNT}Call/:call/`, (account, request) => calls.read(account, request)),
      this.route('get', `${ACCOUNT}Call/:call`, (account, request) => calls.read(account, request)),
      this.route('delete', `${ACCOUNT}Call/:call/`, (account, request) => calls.hangUp(account, request)),
      this.route('delete', `${ACCOUNT}Request/:request/`, (account, request) => calls.cancel(account, request)),
    ];
  }

  account(authId: string): PlivoAccount | undefined {
    return this.accounts.get(authId);
  }

  holderOf(number: string): PlivoAccount | undefined {
    return [...this.accounts.values()].find((account) => account.number(number));
  }

  failure(status: number): VendorReply {
    return failureOf(status);
  }

  parseSeed(input: unknown): PlivoSeed {
    return parsePlivoSeed(input);
  }

  seed(seed: PlivoSeed): void {
    const now = this.context.now();
    const additions = (seed.accounts ?? []).map((account) => ({ account, numbers: numbersOf(account) }));
    const owners = new Map<string, string>(
      [...this.accounts.values()].flatMap((account) =>
        account.numbers().map(({ number }) => [`+${number}`, account.authId] as const),
      ),
    );
    for (const { account, numbers } of additions) {
      for (const { number } of numbers) {
        const owner = owners.get(number) ?? account.auth_id;
        if (owner !== account.auth_id) throw new BadInput(`${number} belongs to ${owner} already`);
        owners.set(number, account.auth_id);
      }
    }
    for (const { account: given, numbers } of additions) {
      const account = this.accounts.get(given.auth_id) ?? new PlivoAccount(given);
      account.add(given, numbers, now);
      this.accounts.set(account.authId, account);
    }
  }

  hold(account: string, numbers: readonly string[]): void {
    for (const number of numbers) this.accounts.get(account)?.addNumber({ number }, this.context.now());
  }

  release(number: string): void {
    for (const account of this.accounts.values()) account.removeNumber(number);
  }

  snapshot(): PlivoSeed {
    return { accounts: [...this.accounts.values()].map((account) => account.snapshot()) };
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.accounts.values()].map((account) => ({
        account: account.authId,
        numbers: account.numbers().map((number) => ({
          number: `+${number.number}`,
          id: number.number,
          route: account.routeOf(number.number),
          resource: numberResource(account.authId, number),
        })),
      })),
    };
  }

  private route(method: VendorRoute['method'], path: string, handle: Handler): VendorRoute {
    return { method, path, effect: method === 'get' ? 'read' : 'write', handle: this.authorized(handle) };
  }

  /** HTTP Basic. That the credentials of one account meet 401 on another is a choice: Plivo does not document it. */
  private authorized(handle: Handler): (request: VendorRequest) => VendorReply {
    return (request) => {
      const credentials = basicCredentials(request.header('authorization'));
      const account = this.accounts.get(request.params.auth ?? '');
      const isOwn = account?.authId === credentials?.user && account?.authToken === credentials?.password;
      return account && isOwn ? handle(account, request) : this.failure(401);
    };
  }
}

function numbersOf(account: PlivoAccountSeed): PlivoNumberSeed[] {
  const generated = account.generate ? expandNumberRange(account.generate) : [];
  return [...(account.numbers ?? []), ...generated].map((number) => (typeof number === 'string' ? { number } : number));
}
