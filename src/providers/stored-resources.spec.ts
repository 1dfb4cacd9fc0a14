import type { EntityManager } from 'typeorm';
import { type Sealed, SecretBox } from '../common/secret-box';
import type { Database } from '../database/database';
import type { SharedValues } from './contract/shared-resources';
import { CredentialVault } from './credential-vault';
import type { ProviderResourceRepository, ResourceClaim } from './provider-resource.repository';
import { StoredResources } from './stored-resources';

const OWNER = { providerAccountId: 'pa_01kawgyqr4e3v9m2t5x8b7c6dn', accountId: 'acct_1', provider: 'telnyx' } as const;
const APP = { application_id: '1', secret: 'key material' };

/** The one row, as the repository keeps it. */
class FakeRow {
  sealed: Sealed | null = null;
  claim: string | null = null;
  until = 0;
  claims = 0;

  find = () => Promise.resolve(this.sealed);
  claimIt = (_manager: EntityManager, { claim }: ResourceClaim, now: number, until: number) => {
    if (this.claim !== null && this.until > now) return Promise.resolve(false);
    this.claims += 1;
    this.claim = claim;
    this.until = until;
    return Promise.resolve(true);
  };
  store = (_manager: EntityManager, { claim }: ResourceClaim, sealed: Sealed) => {
    if (this.claim !== claim) return Promise.resolve(false);
    this.sealed = sealed;
    this.claim = null;
    return Promise.resolve(true);
  };
  release = (_manager: EntityManager, { claim }: ResourceClaim) => {
    if (this.claim === claim) this.claim = null;
    return Promise.resolve();
  };
}

describe('StoredResources', () => {
  let row: FakeRow;
  let now: number;

  beforeEach(() => {
    row = new FakeRow();
    now = 1_000_000;
  });

  /** As each process has one. */
  function resources(): StoredResources {
    const run = <T>(work: (manager: EntityManager) => Promise<T>) => work({} as EntityManager);
    const { find, claimIt: claim, store, release } = row;
    return new StoredResources(OWNER, {
      clock: { now: () => now },
      database: { read: run, transaction: run } as unknown as Database,
      repository: { find, claim, store, release } as unknown as ProviderResourceRepository,
      vault: new CredentialVault(new SecretBox([Buffer.alloc(32, 7)])),
    });
  }

  it('has a name that every vendor takes', () => {
    expect(resources().name).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    expect(resources().name).toContain(OWNER.providerAccountId);
  });

  it('remembers what was made, sealed, for every process', async () => {
    expect(await resources().read()).toBeNull();
    expect(await resources().ensure(() => Promise.resolve(APP))).toEqual(APP);
    expect(await resources().read()).toEqual(APP);
    expect(Buffer.from(row.sealed?.box ?? '', 'base64').toString('latin1')).not.toContain('key material');
    expect(row.claim).toBeNull();
  });

  it('hands on what is remembered, and writes nothing where it is still right', async () => {
    await resources().ensure(() => Promise.resolve(APP));
    const { sealed } = row;
    await resources().ensure((remembered) => Promise.resolve(remembered ?? { application_id: '2' }));
    expect(row.sealed).toBe(sealed);
    expect(row.claim).toBeNull();
  });

  it('lets one process make it and gives the other what was made', async () => {
    let made = 0;
    const make = async (remembered: SharedValues | null): Promise<SharedValues> => {
      if (remembered) return remembered;
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { application_id: String(made) };
    };
    const results = await Promise.all([resources(), resources(), resources()].map((each) => each.ensure(make)));
    expect(made).toBe(1);
    expect(results).toEqual(Array(3).fill({ application_id: '1' }));
  });

  it('serves all who ask in one process with one run', async () => {
    const one = resources();
    const make = jest.fn((remembered: SharedValues | null) => Promise.resolve(remembered ?? APP));
    await Promise.all(Array.from({ length: 16 }, () => one.ensure(make)));
    expect(make).toHaveBeenCalledTimes(1);
    await one.ensure(make);
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('gives the claim back when making fails', async () => {
    const failure = new Error('down');
    const one = resources();
    await expect(one.ensure(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(row.claim).toBeNull();
    expect(await one.ensure(() => Promise.resolve(APP))).toEqual(APP);
  });

  it('waits for another process no longer than it may', async () => {
    row.claim = 'clm_other';
    row.until = now + 20_000;
    const waiting = resources().ensure(() => Promise.resolve(APP), AbortSignal.timeout(50));
    await expect(waiting).rejects.toMatchObject({ kind: 'transient' });
    now += 20_000;
    expect(await resources().ensure(() => Promise.resolve(APP))).toEqual(APP);
  });

  it('does not overwrite what another has made since the claim lapsed', async () => {
    const late = resources().ensure(async () => {
      now += 20_000;
      await resources().ensure(() => Promise.resolve({ application_id: 'theirs' }));
      return APP;
    });
    await expect(late).rejects.toMatchObject({ kind: 'transient' });
    expect(await resources().read()).toEqual({ application_id: 'theirs' });
  });
});
