import { CallBook } from '../core/call-book';
import { BadInput, integerOf, recordOf } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Effect, Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { BandwidthAccess } from './bandwidth.access';
import { BandwidthAccount } from './bandwidth.account';
import {
  associatedPeers,
  createApplication,
  deleteApplication,
  listApplications,
  readOneApplication,
  updateApplication,
} from './bandwidth.applications';
import { BandwidthCalls } from './bandwidth.calls';
import { DEMO_BANDWIDTH_ACCOUNTS, DEMO_BANDWIDTH_SEED } from './bandwidth.demo';
import { failureReply, Surface, surfaceOf } from './bandwidth.errors';
import {
  createPeer,
  createSite,
  listPeers,
  listSites,
  readOrigination,
  readPeer,
  writeOrigination,
} from './bandwidth.locations';
import { ApiVersion, BandwidthRole } from './bandwidth.model';
import { listInService, listTns, OwnedNumber, tnDetails, tnPlace } from './bandwidth.numbers';
import { createMove, readMove } from './bandwidth.orders';
import {
  assignNumbers,
  createActivation,
  createPackage,
  deletePackage,
  listPackages,
  listVoiceNumbers,
  patchPackage,
  readActivation,
  readOnePackage,
} from './bandwidth.platform';
import { BandwidthAccountSeed, BandwidthNumberSeed, BandwidthSeed, parseBandwidthSeed } from './bandwidth.seed';
import { BandwidthVoice } from './bandwidth.voice';
import { readNumber } from './bandwidth.xml';

type Answer = (account: BandwidthAccount, request: VendorRequest) => VendorReply;
type Method = VendorRoute['method'];

/** The Numbers API answers below all three; only the last one writes E.164. */
const NUMBERS_BASES: readonly (readonly [base: string, version: ApiVersion])[] = [
  ['/api', 'v1'],
  ['/api/v1', 'v1'],
  ['/api/v2', 'v2'],
];

/**
 * Bandwidth's four APIs on one base: the Numbers API (XML; `site/specs/numbers.yml` of https://github.com/Bandwidth/api-docs),
 * the Universal Platform (JSON; as https://github.com/Bandwidth/cli speaks it), Programmable Voice (bandwidth.yml of
 * bandwidth-sdk) and the OAuth2 token endpoint. Ordering, releasing and porting numbers are missing on purpose.
 */
export class BandwidthVendor implements Vendor<BandwidthSeed> {
  readonly prefixes = ['/api', '/v2'];
  readonly routes: readonly VendorRoute[];
  readonly calls: CallBook;
  readonly adminRoutes: readonly VendorRoute[];
  private readonly accounts = new Map<string, BandwidthAccount>();
  readonly demoSeed = DEMO_BANDWIDTH_SEED;
  readonly demos = DEMO_BANDWIDTH_ACCOUNTS;
  readonly bind = null;
  private readonly access: BandwidthAccess;
  private readonly voice: BandwidthVoice;

  constructor(private readonly context: VendorContext) {
    const now = () => context.now();
    this.access = new BandwidthAccess(this.accounts, now);
    this.calls = new CallBook(new BandwidthCalls(this.accounts, now), now);
    this.voice = new BandwidthVoice(this.calls, now);
    this.routes = [
      {
        method: 'post',
        path: '/api/v1/oauth2/token',
        effect: 'read',
        handle: (request) => this.access.issueToken(request),
      },
      ...this.voiceRoutes(),
      ...this.platformRoutes(),
      ...NUMBERS_BASES.flatMap(([base, version]) => this.numbersRoutes(base, version)),
    ];
    this.adminRoutes = [
      {
        method: 'post',
        path: '/order-polls',
        effect: 'write',
        handle: ({ json }) => this.setOrderPolls(json),
      },
    ];
  }

  account(id: string): BandwidthAccount | undefined {
    return this.accounts.get(id);
  }

  failure(status: number, request: VendorRequest): VendorReply {
    return failureReply(surfaceOf(request.path), status);
  }

  parseSeed(input: unknown): BandwidthSeed {
    return parseBandwidthSeed(input);
  }

  seed(seed: BandwidthSeed): void {
    const additions = (seed.accounts ?? []).map((account) => ({ account, numbers: numbersOf(account) }));
    const owners = new Map(this.owned().map(({ account, number }) => [number.number, account.id]));
    for (const { account, numbers } of additions) {
      for (const { number } of numbers) {
        const owner = owners.get(number) ?? account.account_id;
        if (owner !== account.account_id) throw new BadInput(`${number} belongs to ${owner} already`);
        owners.set(number, account.account_id);
      }
    }
    for (const { account: given, numbers } of additions) {
      const account = this.accounts.get(given.account_id) ?? new BandwidthAccount(given);
      this.accounts.set(account.id, account);
      for (const number of numbers) account.addNumber(number);
    }
  }

  snapshot(): BandwidthSeed {
    return { accounts: [...this.accounts.values()].map((account) => account.snapshot()) };
  }

  hold(accountId: string, numbers: readonly string[]): void {
    const account = this.accounts.get(accountId);
    if (!account) throw new BadInput(`there is no account ${accountId}`);
    this.seed({ accounts: [{ ...account.identity, numbers: [...numbers] }] });
  }

  release(number: string): void {
    for (const account of this.accounts.values()) account.removeNumber(number);
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.accounts.values()].map((account) => {
        account.settleOrders(this.context.now());
        return {
          account: account.id,
          numbers: account.numbers().map((number) => ({
            number: number.number,
            id: number.number,
            route: account.voiceTarget(number.number),
            resource: number,
          })),
        };
      }),
    };
  }

  private voiceRoutes(): VendorRoute[] {
    const base = '/api/v2/accounts/:account';
    const route = (method: Method, path: string, effect: Effect, answer: Answer) =>
      this.route(method, `${base}${path}`, effect, 'voice', answer);
    return [
      route('get', '/statistics', 'read', (account) => this.voice.statistics(account)),
      route('post', '/calls', 'write', (account, request) => this.voice.create(account, request)),
      route('get', '/calls', 'read', (account, request) => this.voice.list(account, request)),
      route('get', '/calls/:call', 'read', (account, request) => this.voice.read(account, request)),
      route('post', '/calls/:call', 'write', (account, request) => this.voice.update(account, request)),
    ];
  }

  private platformRoutes(): VendorRoute[] {
    const base = '/v2/accounts/:account';
    const packages = `${base}/voiceConfigurationPackages`;
    const activation = '/api/v2/accounts/:account/serviceActivation';
    const route = (method: Method, path: string, effect: Effect, answer: Answer) =>
      this.route(method, path, effect, 'vcp', answer);
    return [
      route('get', packages, 'read', listPackages),
      route('post', packages, 'write', createPackage),
      route('get', `${packages}/:vcp`, 'read', readOnePackage),
      route('patch', `${packages}/:vcp`, 'write', patchPackage),
      route('delete', `${packages}/:vcp`, 'write', deletePackage),
      route('post', `${packages}/:vcp/phoneNumbers/bulk`, 'write', assignNumbers),
      route('get', `${base}/phoneNumbers/voice`, 'read', listVoiceNumbers),
      route('post', activation, 'write', (of, request) => createActivation(of, request, this.context.now())),
      route('get', `${activation}/:order`, 'write', readActivation),
    ];
  }

  private numbersRoutes(base: string, version: ApiVersion): VendorRoute[] {
    const account = `${base}/accounts/:account`;
    const peers = `${account}/sites/:site/sippeers`;
    const origination = `${peers}/:peer/products/origination/settings`;
    const application = `${account}/applications/:application`;
    const tn = `${base}/tns/:tn`;
    const read = (path: string, answer: Answer) => this.route('get', path, 'read', 'numbers', answer);
    const write = (method: Method, path: string, answer: Answer) =>
      this.route(method, path, 'write', 'numbers', answer);
    const inService = (path: string, answer: Answer) => this.route('get', path, 'read', 'inservice', answer);
    const now = () => this.context.now();
    return [
      read(`${base}/tns`, (_of, request) => listTns(this.owned(), request, version)),
      read(`${tn}/tndetails`, (_of, { params }) => tnDetails(this.find(params.tn), params.tn ?? '', version)),
      read(`${tn}/sites`, (_of, { params }) => tnPlace(this.find(params.tn), 'Site')),
      read(`${tn}/sippeers`, (_of, { params }) => tnPlace(this.find(params.tn), 'SipPeer')),
      inService(`${account}/inserviceNumbers`, (of, request) => listInService(of, request, version)),
      inService(`${account}/inserviceNumbers/:tn`, (of, { params }) => {
        const isInService = of.number(readNumber(params.tn))?.status === 'Inservice';
        return { status: isInService ? 200 : 404, body: undefined };
      }),
      read(`${account}/sites`, listSites),
      write('post', `${account}/sites`, createSite),
      read(peers, listPeers),
      write('post', peers, createPeer),
      read(`${peers}/:peer`, readPeer),
      read(origination, readOrigination),
      write('post', origination, writeOrigination),
      write('put', origination, writeOrigination),
      read(`${account}/applications`, listApplications),
      write('post', `${account}/applications`, createApplication),
      read(application, readOneApplication),
      write('put', application, updateApplication),
      write('patch', application, updateApplication),
      write('delete', application, deleteApplication),
      read(`${application}/associatedsippeers`, associatedPeers),
      write('post', `${account}/moveTns`, (of, request) => createMove(of, request, version, now())),
      write('get', `${account}/moveTns/:order`, (of, request) => readMove(of, request, version)),
    ];
  }

  /**
   * Credentials that are none are a 401. Those of another account are a 401 at Programmable Voice ("when the specified
   * user does not have access to the account") and, as a choice, a 403 elsewhere; so is a right that is missing.
   */
  private route(method: Method, path: string, effect: Effect, role: BandwidthRole, answer: Answer): VendorRoute {
    const handle = (request: VendorRequest) => {
      const surface = surfaceOf(request.path);
      const caller = this.access.caller(request);
      if (!caller) return failureReply(surface, 401);
      const asked = request.params.account;
      if (asked !== undefined && asked !== caller.id) return failureReply(surface, strangerStatus(surface));
      if (!caller.roles.has(role)) return failureReply(surface, 403);
      for (const account of this.accounts.values()) account.settleOrders(this.context.now());
      return answer(caller, request);
    };
    return { method, path, effect, handle };
  }

  private owned(): OwnedNumber[] {
    return [...this.accounts.values()].flatMap((account) => account.numbers().map((number) => ({ account, number })));
  }

  private find(tn: string | undefined): OwnedNumber | undefined {
    for (const account of this.accounts.values()) {
      const number = account.number(readNumber(tn));
      if (number) return { account, number };
    }
    return undefined;
  }

  private setOrderPolls(json: unknown): VendorReply {
    const polls = integerOf(recordOf(json, 'order polls', ['polls']).polls, 0, 1000, 'polls');
    for (const account of this.accounts.values()) account.orderPolls = polls;
    return { status: 204, body: undefined };
  }
}

function strangerStatus(surface: Surface): number {
  return surface === 'voice' ? 401 : 403;
}

function numbersOf(account: BandwidthAccountSeed): BandwidthNumberSeed[] {
  const generated = account.generate ? expandNumberRange(account.generate) : [];
  return [...(account.numbers ?? []), ...generated].map((number) => (typeof number === 'string' ? { number } : number));
}
