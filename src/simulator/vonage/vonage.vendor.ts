import { randomUUID } from 'node:crypto';
import { basicCredentials } from '../core/basic-credentials';
import { CallBook } from '../core/call-book';
import { BadInput } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { VonageAccount } from './vonage.account';
import {
  applicationFaults,
  applicationPage,
  applicationResource,
  givenKey,
  isRecord,
  makeKeyPair,
  VonageApplication,
} from './vonage.application';
import { FoundApplication, VonageCalls, VonageDirectory } from './vonage.call';
import { VonageCallApi } from './vonage.call-api';
import { DEMO_VONAGE, DEMO_VONAGE_SEED } from './vonage.demo';
import { malformedJson, problem, restReply, validationProblem, voiceError } from './vonage.errors';
import { claimedApplication, isAuthentic } from './vonage.jwt';
import { numberItem, numberPage, updatedSettings, voiceTarget } from './vonage.number';
import { countryOf, parseVonageSeed, VonageAccountSeed, VonageNumberSeed, VonageSeed } from './vonage.seed';

type Reply = VendorReply | Promise<VendorReply>;
type AccountAnswer = (account: VonageAccount, request: VendorRequest) => Reply;
type ApplicationAnswer = (of: FoundApplication, request: VendorRequest) => Reply;

const BALANCE = { value: 10.28, autoReload: false };

/**
 * What routing numbers and calling needs of Vonage's two hosts: numbers and balance of rest.nexmo.com, applications and calls
 * of api.nexmo.com. Written from https://github.com/Nexmo/api-specification and https://developer.vonage.com. Buying and
 * cancelling numbers are missing on purpose: nothing should do that.
 */
export class VonageVendor implements Vendor<VonageSeed>, VonageDirectory {
  readonly prefixes = ['/account', '/number', '/v1', '/v2'];
  readonly calls: CallBook;
  readonly adminRoutes = [];
  readonly demoSeed = DEMO_VONAGE_SEED;
  readonly demos = [
    {
      account: DEMO_VONAGE.api_key,
      credentials: DEMO_VONAGE,
      numbers: ['+447700900123', '+12015550143', '+46701234567', '+34910601234'],
    },
  ] satisfies Vendor<VonageSeed>['demos'];
  readonly bind = null;
  readonly routes: readonly VendorRoute[];
  private readonly accounts = new Map<string, VonageAccount>();
  private readonly owners = new Map<string, VonageAccount>();

  constructor(private readonly context: VendorContext) {
    const now = () => context.now();
    this.calls = new CallBook(new VonageCalls(this, now), now);
    this.routes = [...this.restRoutes(), ...this.applicationRoutes(), ...this.callRoutes()];
  }

  account(apiKey: string): VonageAccount | undefined {
    return this.accounts.get(apiKey);
  }

  ownerOf(e164: string): VonageAccount | undefined {
    return this.owners.get(e164);
  }

  findApplication(id: string): FoundApplication | undefined {
    for (const account of this.accounts.values()) {
      const application = account.applications.get(id);
      if (application) return { account, application };
    }
    return undefined;
  }

  failure(status: number, { path }: VendorRequest): VendorReply {
    if (/^\/(account|number)\//.test(path)) return restReply(status);
    return path.startsWith('/v1/') ? voiceError(status) : problem(status);
  }

  parseSeed(input: unknown): VonageSeed {
    return parseVonageSeed(input);
  }

  seed(seed: VonageSeed): void {
    const additions = (seed.accounts ?? []).map((account) => ({ account, numbers: numbersOf(account) }));
    const owners = new Map([...this.owners].map(([number, { apiKey }]) => [number, apiKey]));
    for (const { account, numbers } of additions) {
      for (const { number } of numbers) {
        const owner = owners.get(number) ?? account.api_key;
        if (owner !== account.api_key) throw new BadInput(`${number} belongs to ${owner} already`);
        owners.set(number, account.api_key);
      }
    }
    for (const { account: given, numbers } of additions) {
      const account = this.accounts.get(given.api_key) ?? new VonageAccount(given);
      this.accounts.set(account.apiKey, account);
      for (const { id, name, capabilities = {}, public_key = '' } of given.applications ?? []) {
        if (!account.applications.has(id)) account.applications.set(id, { id, name, capabilities, public_key });
      }
      for (const number of numbers) {
        account.addNumber(number);
        this.owners.set(number.number, account);
      }
    }
  }

  hold(apiKey: string, numbers: readonly string[]): void {
    const account = this.accounts.get(apiKey);
    if (!account) throw new BadInput(`there is no account ${apiKey}`);
    for (const number of numbers) {
      account.addNumber({ number, country: countryOf(number) });
      this.owners.set(number, account);
    }
  }

  release(number: string): void {
    this.owners.get(number)?.removeNumber(number);
    this.owners.delete(number);
  }

  snapshot(): VonageSeed {
    return { accounts: [...this.accounts.values()].map((account) => account.snapshot()) };
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.accounts.values()].map((account) => ({
        account: account.apiKey,
        applications: [...account.applications.values()].map((application) => applicationResource(application)),
        numbers: account.numbers().map((number) => ({
          number: number.number,
          id: number.number.slice(1),
          route: voiceTarget(number),
          resource: numberItem(number),
        })),
      })),
    };
  }

  private restRoutes(): VendorRoute[] {
    const basic = (answer: AccountAnswer) => this.withAccount(answer, restReply(401));
    return [
      {
        method: 'get',
        path: '/account/get-balance',
        effect: 'read',
        handle: basic(() => ({ status: 200, body: BALANCE })),
      },
      {
        method: 'get',
        path: '/account/numbers',
        effect: 'read',
        handle: basic((account, { query }) => ({ status: 200, body: numberPage(account.numbers(), query) })),
      },
      { method: 'post', path: '/number/update', effect: 'write', handle: basic(updateNumber) },
    ];
  }

  private applicationRoutes(): VendorRoute[] {
    const basic = (answer: AccountAnswer) => this.withAccount(answer, problem(401));
    const item = '/v2/applications/:id';
    return [
      { method: 'get', path: '/v2/applications', effect: 'read', handle: basic(listApplications) },
      { method: 'post', path: '/v2/applications', effect: 'write', handle: basic(createApplication) },
      { method: 'get', path: item, effect: 'read', handle: basic(withApplication(readApplication)) },
      { method: 'put', path: item, effect: 'write', handle: basic(withApplication(replaceApplication)) },
      { method: 'delete', path: item, effect: 'write', handle: basic(withApplication(deleteApplication)) },
    ];
  }

  private callRoutes(): VendorRoute[] {
    const api = new VonageCallApi(this.calls);
    const bearer = (answer: ApplicationAnswer) => this.withToken(answer);
    return [
      { method: 'post', path: '/v1/calls', effect: 'write', handle: bearer((...of) => api.create(...of)) },
      { method: 'get', path: '/v1/calls', effect: 'read', handle: bearer((...of) => api.list(...of)) },
      { method: 'get', path: '/v1/calls/:uuid', effect: 'read', handle: bearer((...of) => api.read(...of)) },
      { method: 'put', path: '/v1/calls/:uuid', effect: 'write', handle: bearer((...of) => api.update(...of)) },
    ];
  }

  private withAccount(answer: AccountAnswer, refusal: VendorReply): (request: VendorRequest) => Reply {
    return (request) => {
      const credentials = basicCredentials(request.header('authorization'));
      const account = this.accounts.get(credentials?.user ?? '');
      return account && credentials?.password === account.apiSecret ? answer(account, request) : refusal;
    };
  }

  /** The token of the application whose key has signed it; Basic is of no use here. */
  private withToken(answer: ApplicationAnswer): (request: VendorRequest) => Reply {
    return (request) => {
      const token = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1] ?? '';
      const found = this.findApplication(claimedApplication(token) ?? '');
      const isRight = found && isAuthentic(token, found.application.public_key, this.context.now());
      return isRight ? answer(found, request) : voiceError(401);
    };
  }
}

/** With their countries; that of a range is looked up once. */
function numbersOf({ numbers = [], generate }: VonageAccountSeed): (VonageNumberSeed & { country: string })[] {
  const named = numbers
    .map((number): VonageNumberSeed => (typeof number === 'string' ? { number } : number))
    .map((number) => ({ ...number, country: number.country ?? countryOf(number.number) }));
  if (!generate) return named;
  const country = countryOf(generate.first);
  return [...named, ...expandNumberRange(generate).map((number) => ({ number, country }))];
}

/** A number that is not owned, one in another country and a form that is refused are all 420. */
function updateNumber(account: VonageAccount, { form }: VendorRequest): VendorReply {
  const number = account.number(`+${form.get('msisdn') ?? ''}`);
  if (!number || number.country !== form.get('country')) return restReply(420);
  const settings = updatedSettings(form, (id) => account.applications.has(id));
  if (!settings) return restReply(420);
  account.setNumber(number, settings);
  return restReply(200);
}

function listApplications(account: VonageAccount, { query }: VendorRequest): VendorReply {
  const page = applicationPage([...account.applications.values()], query);
  return 'faults' in page ? validationProblem('list', page.faults) : { status: 200, body: page.body };
}

async function createApplication(account: VonageAccount, request: VendorRequest): Promise<VendorReply> {
  return written(request, 201, { id: randomUUID() }, account);
}

/** Replaces all of it: without a key it gets a new pair, and who holds the old one can make no more calls. */
async function replaceApplication(
  account: VonageAccount,
  request: VendorRequest,
  { id }: VonageApplication,
): Promise<VendorReply> {
  return written(request, 200, { id }, account);
}

async function written(
  request: VendorRequest,
  status: number,
  { id }: Pick<VonageApplication, 'id'>,
  account: VonageAccount,
): Promise<VendorReply> {
  const { json } = request;
  if (!/^application\/json\b/i.test(request.header('content-type') ?? '')) return problem(415);
  if (!isRecord(json)) return malformedJson();
  const faults = applicationFaults(json);
  if (faults.length > 0) return validationProblem('payload', faults);
  const key = givenKey(json);
  const pair = key === undefined ? await makeKeyPair() : undefined;
  const application: VonageApplication = {
    id,
    name: String(json.name),
    capabilities: isRecord(json.capabilities) ? json.capabilities : {},
    public_key: key ?? pair?.public_key ?? '',
  };
  account.applications.set(id, application);
  return { status, body: applicationResource(application, pair?.private_key) };
}

function readApplication(
  _account: VonageAccount,
  _request: VendorRequest,
  application: VonageApplication,
): VendorReply {
  return { status: 200, body: applicationResource(application) };
}

function deleteApplication(account: VonageAccount, _request: VendorRequest, { id }: VonageApplication): VendorReply {
  account.deleteApplication(id);
  return { status: 204, body: undefined };
}

function withApplication(
  answer: (account: VonageAccount, request: VendorRequest, application: VonageApplication) => Reply,
): AccountAnswer {
  return (account, request) => {
    const id = request.params.id ?? '';
    const application = account.applications.get(id);
    if (!application) return problem(404, `ID '${id}' does not exist, or you do not have access`);
    return answer(account, request, application);
  };
}
