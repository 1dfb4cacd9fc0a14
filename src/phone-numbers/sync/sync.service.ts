import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock, toIso } from '../../common/clock';
import { AppError } from '../../common/errors/app-error';
import { Database } from '../../database/database';
import type { ProviderConnection } from '../../providers/provider-connection';
import { isProviderName, type ProviderName } from '../../common/provider-name';
import { ProvidersService } from '../../providers/providers.service';
import { ProviderSyncDto } from './provider-sync.dto';
import { ProviderSyncStateDto } from './provider-sync-state.dto';
import { ProviderSyncRepository } from './provider-sync.repository';
import { SyncClaims } from './sync-claims';
import { syncError } from './sync-failure';
import { isUnderWay, type SyncRecord, type SyncRun } from './sync-run';
import { type SyncEnd, SyncRunner } from './sync-runner';

/** How long a request waits for the end of its sync, in milliseconds. */
const WAIT_MS = 10_000;

/** Imports on request what a provider lists, and tells how that stands. */
@Injectable()
export class SyncService {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    private readonly claims: SyncClaims,
    private readonly runner: SyncRunner,
    private readonly providers: ProvidersService,
  ) {}

  /**
   * Begins a sync, or goes on with one that nobody is at, and waits for its end for a bounded time; it goes on afterwards.
   * @throws AppError `PROVIDER_NOT_FOUND`, `PROVIDER_NOT_CONFIGURED`, `SYNC_NOT_SUPPORTED`, `SYNC_IN_PROGRESS`,
   * `CREDENTIALS_REJECTED`, `PROVIDER_UNAVAILABLE`
   */
  async sync(accountId: string, provider: string): Promise<ProviderSyncDto> {
    const name = knownProvider(provider);
    const connection = await this.connection(accountId, name);
    if (!this.providers.capabilities(name).list) throw new AppError('SYNC_NOT_SUPPORTED');
    const end = await untilLate(this.runner.start(await this.take(connection)));
    if (end?.kind === 'failed') throw syncError(end.error);
    const record = await this.record(accountId, name);
    if (!record) throw new AppError('PROVIDER_NOT_CONFIGURED');
    return ProviderSyncDto.from(name, record);
  }

  /** @throws AppError `PROVIDER_NOT_FOUND`, `SYNC_NOT_FOUND` */
  async get(accountId: string, provider: string): Promise<ProviderSyncStateDto> {
    const name = knownProvider(provider);
    const record = await this.record(accountId, name);
    if (!record) throw new AppError('SYNC_NOT_FOUND');
    return ProviderSyncStateDto.from(name, record);
  }

  private async connection(accountId: string, provider: ProviderName): Promise<ProviderConnection> {
    const connection = await this.providers.connection(accountId, provider);
    if (!connection) throw new AppError('PROVIDER_NOT_CONFIGURED');
    return connection;
  }

  private async take(connection: ProviderConnection): Promise<SyncRun> {
    const taken = await this.claims.take(connection, (record, now) => !isUnderWay(record, now));
    if (!taken) throw new AppError('PROVIDER_NOT_CONFIGURED');
    if (!taken.run) throw inProgress(taken.before, this.clock.now());
    return taken.run;
  }

  private record(accountId: string, provider: ProviderName): Promise<SyncRecord | null> {
    return this.database.read((manager) => this.syncs.find(manager, accountId, provider));
  }
}

/** The end, or `undefined` where it takes longer than a client is let wait. */
function untilLate(ended: Promise<SyncEnd>): Promise<SyncEnd | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), WAIT_MS);
    void ended.then((end) => {
      clearTimeout(timer);
      resolve(end);
    });
  });
}

/** @throws AppError `PROVIDER_NOT_FOUND` */
function knownProvider(provider: string): ProviderName {
  if (!isProviderName(provider)) throw new AppError('PROVIDER_NOT_FOUND');
  return provider;
}

/** Its end cannot be told; by the time its claim lapses it has made progress, or it can be taken over. */
function inProgress(record: SyncRecord | null, now: number): AppError {
  const details = record
    ? [{ field: 'provider', message: `A sync that began at ${toIso(record.startedAt)} is under way` }]
    : [];
  const retryAfterS = Math.max(1, Math.ceil(((record?.claimedUntil ?? now) - now) / 1000));
  return new AppError('SYNC_IN_PROGRESS', { details, retryAfterS });
}
