import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../common/clock';
import { Database } from '../database/database';
import { ProviderError } from './contract/provider-error';
import type { SharedResources } from './contract/shared-resources';
import { CredentialVault } from './credential-vault';
import { ProviderResourceRepository } from './provider-resource.repository';
import { type ResourceOwner, StoredResources, type ResourceStore } from './stored-resources';

const MAX_REMEMBERED = 10_000;

/** What each provider account shares among its numbers at the vendor. */
@Injectable()
export class SharedResourcesService {
  private readonly store: ResourceStore;
  private readonly known = new LRUCache<string, SharedResources>({ max: MAX_REMEMBERED });

  constructor(
    @Inject(CLOCK) clock: Clock,
    @Inject(Database) database: Database,
    repository: ProviderResourceRepository,
    vault: CredentialVault,
  ) {
    this.store = { clock, database, repository, vault };
  }

  of(owner: ResourceOwner): SharedResources {
    const known = this.known.get(owner.providerAccountId);
    if (known) return known;
    const resources = new StoredResources(owner, this.store);
    this.known.set(owner.providerAccountId, resources);
    return resources;
  }

  /** For credentials that are only tried out: there is no account yet that anything could be made for. */
  none(): SharedResources {
    return {
      name: 'patchbay',
      read: () => Promise.resolve(null),
      ensure: () => Promise.reject(new ProviderError('permanent', 'The provider is not configured yet')),
    };
  }
}
