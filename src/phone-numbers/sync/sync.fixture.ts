import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../common/clock';
import { Database } from '../../database/database';
import { runMigrations } from '../../database/migrate';
import { openDataSource } from '../../database/open-data-source';
import { affectedRows, selectRows, type SqlValue } from '../../database/sql';
import type { ProviderCapabilities } from '../../providers/contract/capabilities';
import { ProviderError } from '../../providers/contract/provider-error';
import type { NumberPage, OwnedNumber } from '../../providers/contract/route';
import type { ProviderConnection } from '../../providers/provider-connection';
import type { ProviderName } from '../../common/provider-name';
import type { ProvidersService } from '../../providers/providers.service';
import { OutboxRepository } from '../../outbox/outbox.repository';
import { AgentInterestRepository } from '../news/agent-interest.repository';
import { NumberNews } from '../news/number-news';
import { GoneSweep } from './gone-sweep';
import { ListWriter } from './list-writer';
import { ProviderSyncRepository } from './provider-sync.repository';
import { SyncClaims } from './sync-claims';
import type { SyncRecord } from './sync-run';
import { SyncRunner } from './sync-runner';
import { SyncSteps } from './sync-steps';
import { SyncService } from './sync.service';
import { SyncedNumbersRepository } from './synced-numbers.repository';

export const NO_CAPABILITIES: ProviderCapabilities = {
  list: false,
  lookup: false,
  route: false,
  call: false,
  hangup: false,
  signed: false,
};

export const ACCOUNT = 'acct_one';
export const AGENT = 'agent_one';
export const KEY = { providerAccountId: 'pa_one', accountId: ACCOUNT, provider: 'twilio' } as const;
export const START = 1_764_000_000_000;

/** Stands still unless it is moved. */
export class FakeClock implements Clock {
  private at = START;

  now(): number {
    return this.at;
  }

  advance(ms: number): void {
    this.at += ms;
  }
}

/** A vendor that lists numbers; a cursor is the last number of the page before. */
export class FakeList {
  readonly held = new Map<string, string | null>();
  pageSize = 100;
  /** `after` of every page that was asked for. */
  readonly asked: (string | null)[] = [];
  readonly found: string[] = [];
  /** Runs ahead of each page and may fail it. */
  before: (after: string | null, signal?: AbortSignal) => unknown = () => undefined;

  hold(...numbers: string[]): void {
    for (const e164 of numbers) this.held.set(e164, sid(e164));
  }

  async *numbers(after: string | null, signal?: AbortSignal): AsyncGenerator<NumberPage> {
    for (let cursor = after; ;) {
      this.asked.push(cursor);
      await this.before(cursor, signal);
      const page = this.page(cursor);
      yield page;
      if (page.next === null) return;
      cursor = page.next;
    }
  }

  find(e164: string): Promise<OwnedNumber | null> {
    this.found.push(e164);
    return Promise.resolve(this.held.has(e164) ? owned(e164, this.held.get(e164) ?? null) : null);
  }

  private page(after: string | null): NumberPage {
    const all = [...this.held].map(([e164, id]) => owned(e164, id));
    const start = after === null ? 0 : all.findIndex(({ phoneNumber }) => phoneNumber === after) + 1;
    if (after !== null && start === 0) throw new ProviderError('permanent', 'Invalid cursor');
    const numbers = all.slice(start, start + this.pageSize);
    const isLast = start + this.pageSize >= all.length;
    return { numbers, next: isLast ? null : (numbers.at(-1)?.phoneNumber ?? null) };
  }
}

const ALL: ProviderCapabilities = { list: true, lookup: true, route: true, call: true, hangup: true, signed: true };

/** A row of `phone_number` as far as the specs look at it. */
export interface StoredNumber {
  readonly provider: string;
  readonly agentId: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly providerNumberId: string | null;
  readonly generation: number;
  readonly confirmed: number;
  readonly dueAt: number | null;
  readonly claim: string | null;
  readonly country: string | null;
  readonly updatedAt: number;
}

const NUMBER_SQL = `SELECT e164, provider, agent_id AS agentId, status, reason, provider_number_id AS providerNumberId,
  route_generation AS generation, confirmed_generation AS confirmed, route_due_at AS dueAt, route_claim AS claim,
  country, updated_at AS updatedAt FROM phone_number WHERE account_id = ? ORDER BY e164`;

/** Everything of a sync on a database in memory, with one account that has one agent and Twilio. */
export class SyncWorld {
  readonly clock = new FakeClock();
  readonly vendor = new FakeList();
  capabilities: ProviderCapabilities = ALL;
  isConfigured = true;

  readonly providers: ProvidersService;
  readonly syncs: ProviderSyncRepository;
  readonly numbers: SyncedNumbersRepository;
  readonly writer: ListWriter;
  readonly sweep: GoneSweep;
  readonly steps: SyncSteps;
  readonly claims: SyncClaims;
  readonly runner: SyncRunner;
  readonly service: SyncService;

  private constructor(readonly database: Database) {
    const { clock } = this;
    this.providers = this.fakeProviders();
    this.syncs = new ProviderSyncRepository(database);
    this.numbers = new SyncedNumbersRepository(database);
    const news = new NumberNews(new AgentInterestRepository(), new OutboxRepository());
    this.writer = new ListWriter(clock, database, this.syncs, this.numbers, this.providers, news);
    this.sweep = new GoneSweep(clock, database, this.syncs, this.numbers, this.writer, this.providers, news);
    this.steps = new SyncSteps(clock, database, this.syncs, this.writer, this.sweep);
    this.claims = new SyncClaims(clock, database, this.syncs);
    this.runner = this.newRunner();
    this.service = new SyncService(clock, database, this.syncs, this.claims, this.runner, this.providers);
  }

  static async open(): Promise<SyncWorld> {
    const database = new Database(await openDataSource({ kind: 'sqlite', path: ':memory:' }), 'sqlite');
    await runMigrations(database.dataSource);
    const world = new SyncWorld(database);
    await world.seed();
    return world;
  }

  close(): Promise<void> {
    return this.database.dataSource.destroy();
  }

  /** As another process has. */
  newRunner(): SyncRunner {
    return new SyncRunner(this.clock, this.database, this.syncs, this.steps, this.providers);
  }

  async insert(table: string, row: Readonly<Record<string, SqlValue>>): Promise<void> {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    await this.database.transaction((manager) => affectedRows(manager, sql, Object.values(row)));
  }

  /** A number of the inventory that is older than any sync. */
  addNumber(e164: string, row: Readonly<Record<string, SqlValue>> = {}): Promise<void> {
    return this.insert('phone_number', {
      account_id: ACCOUNT,
      e164,
      provider: 'twilio',
      status: 'inactive',
      created_at: START - 1,
      updated_at: START - 1,
      ...row,
    });
  }

  async change(e164: string, row: Readonly<Record<string, SqlValue>>): Promise<void> {
    const assignments = Object.keys(row).map((name) => `${name} = ?`);
    const sql = `UPDATE phone_number SET ${assignments.join(', ')} WHERE account_id = ? AND e164 = ?`;
    await this.database.transaction((manager) => affectedRows(manager, sql, [...Object.values(row), ACCOUNT, e164]));
  }

  async changeAgent(agentId: string, row: Readonly<Record<string, SqlValue>>): Promise<void> {
    const assignments = Object.keys(row).map((name) => `${name} = ?`);
    const sql = `UPDATE agent SET ${assignments.join(', ')} WHERE agent_id = ?`;
    await this.database.transaction((manager) => affectedRows(manager, sql, [...Object.values(row), agentId]));
  }

  async inventory(): Promise<Map<string, StoredNumber>> {
    type Row = StoredNumber & { readonly e164: string };
    const rows = await this.database.read((manager) => selectRows<Row>(manager, NUMBER_SQL, [ACCOUNT]));
    return new Map(rows.map(({ e164, ...row }) => [e164, row]));
  }

  /** Fails where there is no such row. */
  async number(e164: string): Promise<StoredNumber> {
    const row = (await this.inventory()).get(e164);
    if (!row) throw new Error(`no row for ${e164}`);
    return row;
  }

  /** Fails where there was never a sync. */
  async record(): Promise<SyncRecord> {
    const record = await this.database.read((manager) => this.syncs.find(manager, ACCOUNT, 'twilio'));
    if (!record) throw new Error('no sync');
    return record;
  }

  private async seed(): Promise<void> {
    const times = { created_at: START, updated_at: START };
    await this.insert('account', { account_id: ACCOUNT, name: ACCOUNT, created_at: START });
    await this.insert('agent', { agent_id: AGENT, account_id: ACCOUNT, agent_name: 'A', status: 'active', ...times });
    await this.insert('provider_account', {
      provider_account_id: KEY.providerAccountId,
      account_id: ACCOUNT,
      provider: KEY.provider,
      sealed_credentials: 'x',
      secrets_key_id: 'x',
      inbound_key: 'key',
      verified: 1,
      ...times,
    });
  }

  private fakeProviders(): ProvidersService {
    const connection = (accountId: string, provider: ProviderName): Promise<ProviderConnection | null> =>
      Promise.resolve(
        this.isConfigured
          ? ({
              providerAccountId: KEY.providerAccountId,
              accountId,
              provider,
              client: this.vendor,
            } as unknown as ProviderConnection)
          : null,
      );
    const capabilities = (provider: ProviderName) => (provider === 'twilio' ? this.capabilities : NO_CAPABILITIES);
    return { connection, capabilities } as unknown as ProvidersService;
  }
}

export function sid(e164: string): string {
  return `PN${e164.slice(1)}`;
}

export function owned(e164: string, providerNumberId: string | null = sid(e164)): OwnedNumber {
  return { phoneNumber: e164, providerNumberId };
}

/** `count` valid numbers in E.164 order. */
export function someNumbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `+1202555${String(1_000 + index)}`);
}

/** Gives the event loop turns until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 4_000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error('the condition was never fulfilled');
    await nextTurn();
  }
}
