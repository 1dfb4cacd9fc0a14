import type { EntityManager } from 'typeorm';
import { SecretBox, SecretBoxError } from '../common/secret-box';
import type { Config } from '../config/config';
import type { Database } from '../database/database';
import { CredentialVault } from './credential-vault';
import type { ProviderAccountRepository, ProviderAccountRow } from './provider-account.repository';
import { ProvidersService } from './providers.service';
import type { ProviderResourceRepository } from './provider-resource.repository';
import { SharedResourcesService } from './shared-resources.service';
import { VendorHttpService } from './vendor-http.service';
import type { VendorMetrics } from './vendor-metrics';

const HEX = '0123456789abcdef0123456789abcdef';
const KEY = 'A'.repeat(43);

describe('ProvidersService', () => {
  const vault = new CredentialVault(new SecretBox([Buffer.alloc(32, 7)]));
  let now: number;
  let row: ProviderAccountRow | null;
  let reads: number;
  let pause: Promise<void> | undefined;
  let service: ProvidersService;

  const stored = (more: Partial<ProviderAccountRow> = {}): ProviderAccountRow => ({
    ...vault.seal('acct_1', 'twilio', { account_sid: `AC${HEX}`, auth_token: HEX }),
    providerAccountId: 'pa_1',
    country: null,
    inboundKey: KEY,
    verified: true,
    createdAt: 1,
    updatedAt: 1,
    ...more,
  });

  const build = (publicUrl = 'https://voice.example.com/base') => {
    const config = { http: { publicUrl }, providerUrls: {}, allowPrivateUrls: false } as unknown as Config;
    const read = <T>(work: (manager: EntityManager) => Promise<T>) => work({} as EntityManager);
    const accounts = {
      find: async () => {
        reads++;
        const found = row;
        await pause;
        return found;
      },
      findByInboundKey: () => {
        reads++;
        return Promise.resolve(row && { accountId: row.accountId, providerAccountId: 'pa_1', provider: 'twilio' });
      },
    } as unknown as ProviderAccountRepository;
    const metrics = { observe: () => undefined } as VendorMetrics;
    const clock = { now: () => now };
    const database = { read } as Database;
    const http = new VendorHttpService(config, clock, metrics);
    const shared = new SharedResourcesService(clock, database, {} as ProviderResourceRepository, vault);
    return new ProvidersService(config, clock, database, accounts, vault, http, shared);
  };

  beforeEach(() => {
    now = 1_000_000;
    row = stored();
    reads = 0;
    pause = undefined;
    service = build();
  });

  describe('connection', () => {
    it('gives a client once the provider is configured', async () => {
      expect(await service.connection('acct_1', 'twilio')).toMatchObject({
        providerAccountId: 'pa_1',
        accountId: 'acct_1',
        provider: 'twilio',
        inboundKey: KEY,
        adapter: { name: 'twilio' },
      });
    });

    it('reads again only after five seconds, and keeps the client while nothing has changed', async () => {
      const first = await service.connection('acct_1', 'twilio');
      now += 4_999;
      expect(await service.connection('acct_1', 'twilio')).toBe(first);
      expect(reads).toBe(1);
      now += 1;
      expect(await service.connection('acct_1', 'twilio')).toBe(first);
      expect(reads).toBe(2);
    });

    it.each([{ updatedAt: 2 }, { providerAccountId: 'pa_2' }])(
      'makes a new client after a change of %j',
      async (change) => {
        const first = await service.connection('acct_1', 'twilio');
        row = stored(change);
        now += 5_000;
        const second = await service.connection('acct_1', 'twilio');
        expect(second?.client).not.toBe(first?.client);
      },
    );

    it('sees a deletion by another process after five seconds', async () => {
      await service.connection('acct_1', 'twilio');
      row = null;
      now += 5_000;
      expect(await service.connection('acct_1', 'twilio')).toBeNull();
    });

    it('does not remember that there was none', async () => {
      row = null;
      expect(await service.connection('acct_1', 'twilio')).toBeNull();
      row = stored();
      expect(await service.connection('acct_1', 'twilio')).not.toBeNull();
    });

    it('keeps accounts apart', async () => {
      await service.connection('acct_1', 'twilio');
      row = null;
      expect(await service.connection('acct_2', 'twilio')).toBeNull();
    });

    it('reads once for all who ask meanwhile', async () => {
      const all = await Promise.all([1, 2, 3].map(() => service.connection('acct_1', 'twilio')));
      expect(reads).toBe(1);
      expect(new Set(all).size).toBe(1);
    });

    it('does not let a read that began before a change bring back what was changed', async () => {
      let resume: () => void = () => undefined;
      pause = new Promise((resolve) => (resume = resolve));
      const before = service.connection('acct_1', 'twilio');
      row = stored({ updatedAt: 2 });
      service.forget('acct_1', 'twilio');
      const after = service.connection('acct_1', 'twilio');
      resume();
      expect((await after)?.client).not.toBe((await before)?.client);
      expect(await service.connection('acct_1', 'twilio')).toBe(await after);
    });

    it('fails, and tries again the next time, when the credentials do not open', async () => {
      row = stored({ accountId: 'acct_other' });
      await expect(service.connection('acct_1', 'twilio')).rejects.toBeInstanceOf(SecretBoxError);
      row = stored();
      expect(await service.connection('acct_1', 'twilio')).not.toBeNull();
    });
  });

  it('tells capabilities', () => {
    expect(service.capabilities('twilio')).toMatchObject({ list: true, lookup: true, route: true });
    expect(service.capabilities('san')).toMatchObject({ list: false, lookup: false, route: false });
  });

  it('makes inbound URLs from the public URL', () => {
    expect(service.inboundUrl('twilio', KEY)).toBe(`https://voice.example.com/base/inbound/twilio/${KEY}`);
    expect(service.inboundUrl('san', KEY)).toBe(`wss://voice.example.com/base/inbound/san/${KEY}`);
    expect(build('http://localhost:3000').inboundUrl('san', KEY)).toBe(`ws://localhost:3000/inbound/san/${KEY}`);
    expect(service.numberInboundUrl('san', KEY, '+918062810341')).toBe(
      `wss://voice.example.com/base/inbound/san/${KEY}/+918062810341`,
    );
    expect(service.routeTarget('twilio', KEY)).toEqual({
      answerUrl: `https://voice.example.com/base/inbound/twilio/${KEY}`,
      statusUrl: `https://voice.example.com/base/inbound/twilio/${KEY}/status`,
    });
  });

  it('looks up only what has the form of an inbound key', async () => {
    for (const key of ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}/`, `${'A'.repeat(42)}+`]) {
      expect(await service.findByInboundKey('twilio', key)).toBeNull();
    }
    expect(reads).toBe(0);
    expect(await service.findByInboundKey('twilio', KEY)).toMatchObject({ accountId: 'acct_1' });
  });
});
