import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock';
import { AppError } from '../common/errors/app-error';
import { newId } from '../common/ids';
import { Database } from '../database/database';
import { isDuplicateKey } from '../database/db-errors';
import type { Page } from '../http/pagination/page';
import type { AnyProviderAdapter } from './contract/provider-adapter';
import { ProviderError } from './contract/provider-error';
import { CredentialVault, type SealedCredentials } from './credential-vault';
import { DeletedProviderDto } from './dto/deleted-provider.dto';
import { ProviderSummaryDto } from './dto/provider-summary.dto';
import { ProviderDto } from './dto/provider.dto';
import { InboundAccounts } from './inbound-accounts.service';
import { newInboundKey } from './inbound-key';
import { ProviderAccountRepository, type NumbersInUse, type ProviderAccountRow } from './provider-account.repository';
import { ProviderChanges } from './provider-changes';
import { type CredentialTexts, maskCredentials, parseCredentials } from './provider-credentials';
import { isProviderName, PROVIDER_NAMES, type ProviderName } from '../common/provider-name';
import { ProvidersService } from './providers.service';

/** How long a PUT waits for the vendor to prove the credentials, in milliseconds. */
const VERIFY_MS = 5_000;
/** An insert loses to another one, an update to a deletion; neither happens time and again. */
const MAX_TRIES = 3;

/** An account's credentials at the vendors: put, shown masked, removed. */
@Injectable()
export class ProviderAccountsService {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly database: Database,
    private readonly accounts: ProviderAccountRepository,
    private readonly providers: ProvidersService,
    private readonly vault: CredentialVault,
    private readonly changes: ProviderChanges,
    private readonly inbound: InboundAccounts,
  ) {}

  /** Every provider of the API, in its order, whether configured or not. */
  async list(accountId: string): Promise<Page<ProviderSummaryDto>> {
    const configured = await this.database.read((manager) => this.accounts.configured(manager, accountId));
    const items = PROVIDER_NAMES.map((name) =>
      ProviderSummaryDto.from(name, this.providers.adapter(name), configured.has(name)),
    );
    return { items, next_cursor: null };
  }

  /** A provider that is not configured is shown too, with what it would take. */
  async get(accountId: string, provider: string): Promise<ProviderDto> {
    const name = knownProvider(provider);
    const row = await this.database.read((manager) => this.accounts.find(manager, accountId, name));
    return this.view(name, row);
  }

  /**
   * Stores credentials that the vendor has accepted, in place of former ones; the inbound URL stays as it was.
   * @throws AppError `PROVIDER_NOT_FOUND`, `VALIDATION_FAILED`, `CREDENTIALS_REJECTED`,
   * `PROVIDER_UNAVAILABLE`; nothing is stored then
   */
  async put(accountId: string, provider: string, given: Readonly<Record<string, unknown>>): Promise<ProviderDto> {
    const name = knownProvider(provider);
    const adapter = this.providers.adapter(name);
    const credentials = parseCredentials(adapter, given);
    const verified = await this.prove(adapter, credentials);
    const sealed = this.vault.seal(accountId, name, credentials);
    const row = await this.store(sealed, credentials.country ?? null, verified);
    this.providers.forget(accountId, name);
    this.inbound.forget(row.inboundKey);
    await this.changes.emit({ accountId, provider: name });
    return this.view(name, row);
  }

  /** @throws AppError `PROVIDER_NOT_FOUND` where it is not configured, `PROVIDER_IN_USE` while numbers need it */
  async remove(accountId: string, provider: string): Promise<DeletedProviderDto> {
    const name = knownProvider(provider);
    const { inboundKey } = await this.database.transaction(async (manager) => {
      const row = await this.accounts.findForUpdate(manager, accountId, name);
      if (!row) throw new AppError('PROVIDER_NOT_FOUND');
      const error = inUse(await this.accounts.numbersInUse(manager, accountId, name));
      if (error) throw error;
      await this.accounts.delete(manager, row.providerAccountId);
      return row;
    });
    this.providers.forget(accountId, name);
    this.inbound.forget(inboundKey);
    return { provider: name, deleted: true };
  }

  private async prove(adapter: AnyProviderAdapter, credentials: CredentialTexts): Promise<boolean> {
    const client = this.providers.tryOut(adapter, credentials);
    try {
      const { verified } = await client.verify(AbortSignal.timeout(VERIFY_MS));
      return verified;
    } catch (error) {
      throw error instanceof ProviderError ? unproven(error) : error;
    }
  }

  private async store(
    sealed: SealedCredentials,
    country: string | null,
    verified: boolean,
  ): Promise<ProviderAccountRow> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.upsert(sealed, country, verified);
      } catch (error) {
        if (!isDuplicateKey(error) || attempt === MAX_TRIES) throw error;
      }
    }
  }

  private upsert(sealed: SealedCredentials, country: string | null, verified: boolean): Promise<ProviderAccountRow> {
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const known = await this.accounts.findForUpdate(manager, sealed.accountId, sealed.provider);
      if (known) {
        // Whoever caches the connection knows a change by this time, so it never stands still.
        const row = { ...known, ...sealed, country, verified, updatedAt: Math.max(now, known.updatedAt + 1) };
        await this.accounts.update(manager, row);
        return row;
      }
      const inboundKey = newInboundKey();
      const times = { createdAt: now, updatedAt: now };
      const row = { providerAccountId: newId('providerAccount'), ...sealed, country, inboundKey, verified, ...times };
      await this.accounts.insert(manager, row);
      return row;
    });
  }

  private view(name: ProviderName, row: ProviderAccountRow | null): ProviderDto {
    const adapter = this.providers.adapter(name);
    if (!row) return ProviderDto.fromAccount(name, adapter, null);
    const credentials = maskCredentials(adapter.credentialFields, this.vault.open(row));
    const inboundUrl = this.providers.inboundUrl(name, row.inboundKey);
    return ProviderDto.fromAccount(name, adapter, { ...row, credentials, inboundUrl });
  }
}

function knownProvider(provider: string): ProviderName {
  if (!isProviderName(provider)) throw new AppError('PROVIDER_NOT_FOUND');
  return provider;
}

/** 504 when the vendor did not answer in time, 503 when it could not be reached or asks to wait, 502 for nonsense. */
function unproven(error: ProviderError): AppError {
  const details = [{ field: 'credentials', message: error.message }];
  if (error.kind === 'credentials_rejected') return new AppError('CREDENTIALS_REJECTED', { details, cause: error });
  const retryAfterS = error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1000);
  const status = error.timedOut ? 504 : error.isRetryable ? 503 : 502;
  return new AppError('PROVIDER_UNAVAILABLE', { status, details, retryAfterS, cause: error });
}

function inUse({ attached, unsettled }: NumbersInUse): AppError | null {
  const details = [];
  if (attached > 0) details.push({ field: 'provider', message: `${attached} phone number(s) are attached to agents` });
  if (unsettled > 0) {
    const message = `${unsettled} detached phone number(s) still have their former route given back; try again shortly`;
    details.push({ field: 'provider', message });
  }
  return details.length > 0 ? new AppError('PROVIDER_IN_USE', { details }) : null;
}
