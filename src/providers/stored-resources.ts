import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../common/clock';
import { newId } from '../common/ids';
import type { Database } from '../database/database';
import { ProviderError } from './contract/provider-error';
import type { SharedResources, SharedValues } from './contract/shared-resources';
import type { CredentialVault } from './credential-vault';
import type { ProviderName } from '../common/provider-name';
import type { ProviderResourceRepository, ResourceClaim } from './provider-resource.repository';

/**
 * How long a claim is good for, in milliseconds: longer than the calls that make an application take, and short enough that
 * a killed process does not hold up its account for long.
 */
const CLAIM_MS = 20_000;
/** How long to wait for another process without a signal, and how often to look, in milliseconds. */
const LONGEST_WAIT_MS = 25_000;
const LOOK_MS = 100;

export interface ResourceOwner {
  readonly providerAccountId: string;
  readonly accountId: string;
  readonly provider: ProviderName;
}

export interface ResourceStore {
  readonly clock: Clock;
  readonly database: Database;
  readonly repository: ProviderResourceRepository;
  readonly vault: CredentialVault;
}

type Make = (remembered: SharedValues | null) => Promise<SharedValues>;

/** The shared resources of one provider account, in a row that one process at a time may change. */
export class StoredResources implements SharedResources {
  readonly name: string;
  private running: Promise<SharedValues> | null = null;

  constructor(
    private readonly owner: ResourceOwner,
    private readonly store: ResourceStore,
  ) {
    this.name = `patchbay-${owner.providerAccountId}`;
  }

  async read(): Promise<SharedValues | null> {
    const { database, repository, vault } = this.store;
    const sealed = await database.read((manager) => repository.find(manager, this.owner.providerAccountId));
    return sealed && vault.openShared(this.owner, sealed);
  }

  /** Those who ask meanwhile in the same process are served by the run under way: they want the same. */
  ensure(make: Make, signal?: AbortSignal): Promise<SharedValues> {
    this.running ??= this.run(make, signal).finally(() => (this.running = null));
    return this.running;
  }

  private async run(make: Make, signal: AbortSignal | undefined): Promise<SharedValues> {
    const claim = await this.claim(signal);
    let isHeld = true;
    try {
      const remembered = await this.read();
      const made = await make(remembered);
      if (made !== remembered) {
        isHeld = false;
        await this.remember(claim, made);
      }
      return made;
    } finally {
      if (isHeld) await this.release(claim);
    }
  }

  private async claim(signal: AbortSignal | undefined): Promise<ResourceClaim> {
    const { clock, database, repository } = this.store;
    const claim = { providerAccountId: this.owner.providerAccountId, claim: newId('claim') };
    const giveUpAt = clock.now() + LONGEST_WAIT_MS;
    for (;;) {
      const now = clock.now();
      const isOurs = await database.transaction((manager) => repository.claim(manager, claim, now, now + CLAIM_MS));
      if (isOurs) return claim;
      if (now >= giveUpAt || !(await delay(LOOK_MS, true, { signal }).catch(() => false))) throw busy();
    }
  }

  private async remember(claim: ResourceClaim, made: SharedValues): Promise<void> {
    const { clock, database, repository, vault } = this.store;
    const sealed = vault.sealShared(this.owner, made);
    const isStored = await database.transaction((manager) => repository.store(manager, claim, sealed, clock.now()));
    if (!isStored) throw busy();
  }

  private async release(claim: ResourceClaim): Promise<void> {
    const { database, repository } = this.store;
    await database.transaction((manager) => repository.release(manager, claim));
  }
}

function busy(): ProviderError {
  return new ProviderError('transient', "Another process is preparing the account's application at the provider");
}
