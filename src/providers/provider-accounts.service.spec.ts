import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EntityManager } from 'typeorm';
import { AppError } from '../common/errors/app-error';
import { SecretBox } from '../common/secret-box';
import type { Config } from '../config/config';
import type { Database } from '../database/database';
import { CredentialVault } from './credential-vault';
import {
  ProviderAccountRepository,
  type ChangedProviderAccount,
  type NumbersInUse,
  type ProviderAccountRow,
} from './provider-account.repository';
import { ProviderAccountsService } from './provider-accounts.service';
import { ProviderChanges, type ProviderChange } from './provider-changes';
import { PROVIDER_NAMES, type ProviderName } from '../common/provider-name';
import { ProvidersService } from './providers.service';
import { InboundAccounts } from './inbound-accounts.service';
import type { ProviderResourceRepository } from './provider-resource.repository';
import { SharedResourcesService } from './shared-resources.service';
import { VendorHttpService } from './vendor-http.service';
import type { VendorMetrics } from './vendor-metrics';

const HEX = '0123456789abcdef0123456789abcdef';
const TWILIO = { account_sid: `AC${HEX}`, auth_token: 'fedcba9876543210fedcba9876543210' };
const CREATED_AT = Date.UTC(2026, 10, 24, 8, 0, 0);

class DuplicateKey extends Error {
  readonly code = 'SQLITE_CONSTRAINT_UNIQUE';
}

/** The repository on a map, with the hooks that a test needs to come in between. */
class FakeAccounts {
  readonly rows = new Map<string, ProviderAccountRow>();
  inUse: NumbersInUse = { attached: 0, unsettled: 0 };
  beforeInsert: () => void = () => undefined;
  reads = 0;

  find = (_: EntityManager, accountId: string, provider: ProviderName) => {
    this.reads++;
    return Promise.resolve(this.rows.get(`${accountId} ${provider}`) ?? null);
  };
  findForUpdate = this.find;
  configured = (_: EntityManager, accountId: string) =>
    Promise.resolve(
      new Set([...this.rows.values()].filter((row) => row.accountId === accountId).map((row) => row.provider)),
    );
  insert = (_: EntityManager, row: ProviderAccountRow) => {
    this.beforeInsert();
    const key = `${row.accountId} ${row.provider}`;
    if (this.rows.has(key)) return Promise.reject(new DuplicateKey());
    this.rows.set(key, row);
    return Promise.resolve();
  };
  update = (_: EntityManager, changed: ChangedProviderAccount) => {
    const [key, row] =
      [...this.rows].find(([, { providerAccountId }]) => providerAccountId === changed.providerAccountId) ?? [];
    if (key && row) this.rows.set(key, { ...row, ...changed });
    return Promise.resolve();
  };
  delete = (_: EntityManager, id: string) => {
    for (const [key, row] of this.rows) if (row.providerAccountId === id) this.rows.delete(key);
    return Promise.resolve();
  };
  numbersInUse = () => Promise.resolve(this.inUse);
}

describe('ProviderAccountsService', () => {
  let vendor: Server;
  let vendorUrl: string;
  let reply: (response: ServerResponse) => void;
  let fake: FakeAccounts;
  let now: number;
  let providers: ProvidersService;
  let service: ProviderAccountsService;
  let changed: ProviderChange[];

  const json =
    (status: number, body: unknown, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

  beforeAll(async () => {
    vendor = createServer((request, response) => request.resume().on('end', () => reply(response)));
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    vendorUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    vendor.closeAllConnections();
    vendor.close();
  });

  beforeEach(() => {
    reply = json(200, { incoming_phone_numbers: [], next_page_uri: null });
    fake = new FakeAccounts();
    now = CREATED_AT;
    changed = [];
    build(vendorUrl);
  });

  function build(twilioUrl: string): void {
    const config = {
      http: { port: 3000, host: '127.0.0.1', publicUrl: 'https://voice.example.com' },
      providerUrls: { twilio: twilioUrl, san: twilioUrl },
      allowPrivateUrls: false,
    } as unknown as Config;
    const run = <T>(work: (manager: EntityManager) => Promise<T>) => work({} as EntityManager);
    const database = { dialect: 'sqlite', read: run, transaction: run } as unknown as Database;
    const clock = { now: () => now };
    const accounts = fake as unknown as ProviderAccountRepository;
    const vault = new CredentialVault(new SecretBox([Buffer.alloc(32, 7)]));
    const changes = new ProviderChanges();
    changes.onChanged((change) => Promise.resolve(void changed.push(change)));
    const metrics = { observe: () => undefined } as VendorMetrics;
    const http = new VendorHttpService(config, clock, metrics);
    const shared = new SharedResourcesService(clock, database, {} as ProviderResourceRepository, vault);
    providers = new ProvidersService(config, clock, database, accounts, vault, http, shared);
    const inbound = new InboundAccounts(clock, database, accounts, vault, shared, providers);
    service = new ProviderAccountsService(clock, database, accounts, providers, vault, changes, inbound);
  }

  async function failure(promise: Promise<unknown>): Promise<AppError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof AppError)) throw new Error(`Expected an AppError, got ${String(error)}`);
    expect(JSON.stringify(error.details)).not.toContain(TWILIO.auth_token);
    return error;
  }

  describe('put', () => {
    it('stores proven credentials sealed, and shows them masked', async () => {
      const shown = await service.put('acct_1', 'twilio', { ...TWILIO, country: 'US' });
      expect(shown).toMatchObject({
        provider: 'twilio',
        configured: true,
        credentials: { account_sid: `****${HEX.slice(-4)}`, auth_token: '****3210', country: 'US' },
        verified: true,
        created_at: '2026-11-24T08:00:00.000Z',
        updated_at: '2026-11-24T08:00:00.000Z',
      });
      expect(shown.inbound_url).toMatch(/^https:\/\/voice\.example\.com\/inbound\/twilio\/[A-Za-z0-9_-]{43}$/);
      const [row] = fake.rows.values();
      expect(row).toMatchObject({ accountId: 'acct_1', provider: 'twilio', country: 'US', verified: true });
      expect(JSON.stringify(row)).not.toContain(TWILIO.auth_token);
      expect(changed).toEqual([{ accountId: 'acct_1', provider: 'twilio' }]);
    });

    it('replaces all credentials, keeping the inbound URL and the time of creation', async () => {
      const first = await service.put('acct_1', 'twilio', { ...TWILIO, country: 'US' });
      now += 60_000;
      const second = await service.put('acct_1', 'twilio', { ...TWILIO, auth_token: HEX });
      expect(second.inbound_url).toBe(first.inbound_url);
      expect(second.credentials).toEqual({ account_sid: `****${HEX.slice(-4)}`, auth_token: '****cdef' });
      expect([second.created_at, second.updated_at]).toEqual(['2026-11-24T08:00:00.000Z', '2026-11-24T08:01:00.000Z']);
      expect(fake.rows.size).toBe(1);
      expect([...fake.rows.values()][0]?.country).toBeNull();
    });

    it('never leaves the time of change as it was', async () => {
      await service.put('acct_1', 'twilio', TWILIO);
      await service.put('acct_1', 'twilio', TWILIO);
      now -= 1_000;
      await service.put('acct_1', 'twilio', TWILIO);
      expect([...fake.rows.values()][0]?.updatedAt).toBe(CREATED_AT + 2);
    });

    it('updates where another request has inserted meanwhile', async () => {
      fake.beforeInsert = () => {
        fake.beforeInsert = () => undefined;
        fake.rows.set('acct_1 twilio', { ...fakeRow(), inboundKey: 'w'.repeat(43) });
      };
      const shown = await service.put('acct_1', 'twilio', TWILIO);
      expect(shown.inbound_url).toBe(`https://voice.example.com/inbound/twilio/${'w'.repeat(43)}`);
      expect(shown.credentials?.auth_token).toBe('****3210');
    });

    it('gives each account a key of its own', async () => {
      const one = await service.put('acct_1', 'twilio', TWILIO);
      const two = await service.put('acct_2', 'twilio', TWILIO);
      expect(one.inbound_url).not.toBe(two.inbound_url);
    });

    it('makes the next connection use the new credentials at once', async () => {
      await service.put('acct_1', 'twilio', TWILIO);
      const before = await providers.connection('acct_1', 'twilio');
      await service.put('acct_1', 'twilio', { ...TWILIO, auth_token: HEX });
      const after = await providers.connection('acct_1', 'twilio');
      expect(before?.client).toBeDefined();
      expect(after?.client).not.toBe(before?.client);
    });

    it('takes San without a proof', async () => {
      const shown = await service.put('acct_1', 'san', {});
      expect(shown).toMatchObject({ provider: 'san', verified: false, credentials: {} });
      expect(shown.inbound_url).toMatch(/^wss:\/\/voice\.example\.com\/inbound\/san\/[A-Za-z0-9_-]{43}$/);
    });

    it.each([
      ['acme', 'PROVIDER_NOT_FOUND', 404],
      ['Twilio', 'PROVIDER_NOT_FOUND', 404],
      ['constructor', 'PROVIDER_NOT_FOUND', 404],
    ])('refuses %s with %s', async (provider, reason, status) => {
      expect(await failure(service.put('acct_1', provider, TWILIO))).toMatchObject({ reason, status });
    });

    it('checks the fields before it asks the vendor', async () => {
      reply = () => {
        throw new Error('asked');
      };
      const error = await failure(service.put('acct_1', 'twilio', { ...TWILIO, auth_token: `${TWILIO.auth_token} ` }));
      expect(error).toMatchObject({ reason: 'VALIDATION_FAILED', status: 422 });
      expect(error.details.map(({ field }) => field)).toEqual(['credentials.auth_token']);
    });

    it.each([
      [401, {}, 'CREDENTIALS_REJECTED', 422, undefined],
      [403, {}, 'CREDENTIALS_REJECTED', 422, undefined],
      [500, {}, 'PROVIDER_UNAVAILABLE', 503, undefined],
      [429, { 'Retry-After': '7' }, 'PROVIDER_UNAVAILABLE', 503, 7],
      [400, {}, 'PROVIDER_UNAVAILABLE', 502, undefined],
      [302, { Location: '/' }, 'PROVIDER_UNAVAILABLE', 502, undefined],
    ])('stores nothing when the vendor answers %i', async (status, headers, reason, ours, retryAfterS) => {
      reply = json(status, { code: 20000 + status, message: 'no' }, headers);
      const error = await failure(service.put('acct_1', 'twilio', TWILIO));
      expect(error).toMatchObject({ reason, status: ours, retryAfterS });
      expect(fake.rows.size).toBe(0);
      expect(changed).toEqual([]);
    });

    it('stores nothing when the vendor cannot be reached', async () => {
      const closed = createServer();
      await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
      const { port } = closed.address() as AddressInfo;
      await new Promise((resolve) => closed.close(resolve));
      build(`http://127.0.0.1:${port}`);
      expect(await failure(service.put('acct_1', 'twilio', TWILIO))).toMatchObject({
        reason: 'PROVIDER_UNAVAILABLE',
        status: 503,
      });
      expect(fake.rows.size).toBe(0);
    });

    it('stores nothing when the vendor does not answer in time', async () => {
      const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
        expect(ms).toBe(5_000);
        return AbortSignal.abort(new DOMException('The operation timed out', 'TimeoutError'));
      });
      expect(await failure(service.put('acct_1', 'twilio', TWILIO))).toMatchObject({
        reason: 'PROVIDER_UNAVAILABLE',
        status: 504,
      });
      timeout.mockRestore();
      expect(fake.rows.size).toBe(0);
    });

    it('keeps the former credentials when new ones are rejected', async () => {
      await service.put('acct_1', 'twilio', TWILIO);
      reply = json(401, { code: 20003, message: 'Authenticate', status: 401 });
      await failure(service.put('acct_1', 'twilio', { ...TWILIO, auth_token: HEX }));
      expect((await service.get('acct_1', 'twilio')).credentials?.auth_token).toBe('****3210');
    });
  });

  describe('list and get', () => {
    it('lists all eight in the order of the API', async () => {
      await service.put('acct_1', 'twilio', TWILIO);
      const { items, next_cursor } = await service.list('acct_1');
      expect(items.map(({ provider }) => provider)).toEqual([...PROVIDER_NAMES]);
      expect(next_cursor).toBeNull();
      expect(items.filter(({ configured }) => configured).map(({ provider }) => provider)).toEqual(['twilio']);
      expect(items.find(({ provider }) => provider === 'ozonetell')).toMatchObject({
        configured: false,
        capabilities: { list: false, lookup: false, route: false, call: true, hangup: true, signed: false },
      });
      expect(JSON.stringify(items)).not.toContain('3210');
      expect((await service.list('acct_2')).items.some(({ configured }) => configured)).toBe(false);
    });

    it('shows what is not configured as such', async () => {
      await service.put('acct_1', 'twilio', TWILIO);
      expect(await service.get('acct_2', 'twilio')).toMatchObject({
        provider: 'twilio',
        configured: false,
        credentials: null,
        verified: null,
        inbound_url: null,
        created_at: null,
        updated_at: null,
      });
      expect(await failure(service.get('acct_1', 'acme'))).toMatchObject({ reason: 'PROVIDER_NOT_FOUND', status: 404 });
    });
  });

  describe('remove', () => {
    it('deletes, and makes this process forget the connection', async () => {
      await service.put('acct_1', 'twilio', TWILIO);
      expect(await providers.connection('acct_1', 'twilio')).not.toBeNull();
      expect(await service.remove('acct_1', 'twilio')).toEqual({ provider: 'twilio', deleted: true });
      expect(fake.rows.size).toBe(0);
      expect(await providers.connection('acct_1', 'twilio')).toBeNull();
    });

    it('makes a new inbound key the next time', async () => {
      const first = await service.put('acct_1', 'twilio', TWILIO);
      await service.remove('acct_1', 'twilio');
      expect((await service.put('acct_1', 'twilio', TWILIO)).inbound_url).not.toBe(first.inbound_url);
    });

    it.each([
      [{ attached: 3, unsettled: 0 }, ['3 phone number(s) are attached to agents']],
      [
        { attached: 0, unsettled: 1 },
        ['1 detached phone number(s) still have their former route given back; try again shortly'],
      ],
    ])('refuses while numbers need it: %j', async (inUse, messages) => {
      await service.put('acct_1', 'twilio', TWILIO);
      fake.inUse = inUse;
      const error = await failure(service.remove('acct_1', 'twilio'));
      expect(error).toMatchObject({ reason: 'PROVIDER_IN_USE', status: 409 });
      expect(error.details.map(({ message }) => message)).toEqual(messages);
      expect(fake.rows.size).toBe(1);
    });

    it.each(['twilio', 'telnyx', 'acme'])('does not find %s where it is not configured', async (provider) => {
      await service.put('acct_2', 'twilio', TWILIO);
      expect(await failure(service.remove('acct_1', provider))).toMatchObject({
        reason: 'PROVIDER_NOT_FOUND',
        status: 404,
      });
    });
  });

  function fakeRow(): ProviderAccountRow {
    return {
      providerAccountId: 'pa_other',
      accountId: 'acct_1',
      provider: 'twilio',
      sealedCredentials: '',
      secretsKeyId: '',
      country: null,
      inboundKey: '',
      verified: true,
      createdAt: 1,
      updatedAt: 1,
    };
  }
});
