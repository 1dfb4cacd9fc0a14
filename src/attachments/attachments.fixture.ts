import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../common/clock';
import type { Config } from '../config/config';
import { Database } from '../database/database';
import { runMigrations } from '../database/migrate';
import { openDataSource } from '../database/open-data-source';
import { affectedRows, selectRows, type SqlValue } from '../database/sql';
import { OutboxRepository } from '../outbox/outbox.repository';
import { AgentInterestRepository } from '../phone-numbers/news/agent-interest.repository';
import { NumberNews } from '../phone-numbers/news/number-news';
import { AttachmentWriter } from './attachment-writer';
import { AttachmentsRepository } from './attachments.repository';
import { AttachmentsService } from './attachments.service';
import { FakeProviders, type FakeVendor } from './fake-providers.fixture';
import { NumberStates } from './number-states';
import { OwnershipService } from './ownership.service';
import { RouteAttempt } from './route-attempt';
import { RouteReconciler } from './route-reconciler';
import { RouteWorkRepository } from './route-work.repository';

export const ACCOUNT = 'acct_one';
export const AGENT = 'agent_one';
export const OTHER_AGENT = 'agent_other';
export const START = 1_764_000_000_000;
export const DRIFT_INTERVAL_MS = 3_600_000;
/** Where the fake Twilio is told to send calls. */
export const OUR_URL = 'https://patchbay.example/inbound/twilio/key-twilio';

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

/** A row of `phone_number` as far as the specs look at it. */
export interface StoredNumber {
  readonly agentId: string | null;
  readonly attachedAt: number | null;
  readonly status: string;
  readonly reason: string | null;
  readonly generation: number;
  readonly confirmed: number;
  readonly dueAt: number | null;
  readonly claim: string | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly routeUrl: string | null;
  readonly checkAt: number | null;
  readonly formerRoute: string | null;
  readonly providerNumberId: string | null;
  readonly country: string | null;
}

/** Everything of attachments on a database in memory, with one account, two agents and two providers. */
export interface World {
  readonly config: Config;
  readonly clock: FakeClock;
  readonly database: Database;
  readonly providers: FakeProviders;
  readonly twilio: FakeVendor;
  readonly repository: AttachmentsRepository;
  readonly news: NumberNews;
  readonly works: RouteWorkRepository;
  readonly writer: AttachmentWriter;
  readonly attempt: RouteAttempt;
  readonly reconciler: RouteReconciler;
  readonly states: NumberStates;
  readonly service: AttachmentsService;
  insert(table: string, row: Readonly<Record<string, SqlValue>>): Promise<void>;
  addNumber(e164: string, row?: Readonly<Record<string, SqlValue>>): Promise<void>;
  change(e164: string, row: Readonly<Record<string, SqlValue>>): Promise<void>;
  /** @param manager of the transaction to do it in; one of its own otherwise */
  changeAgent(agentId: string, row: Readonly<Record<string, SqlValue>>, manager?: EntityManager): Promise<void>;
  /** Fails where there is no such row. */
  number(e164: string): Promise<StoredNumber>;
  inventory(): Promise<string[]>;
  close(): Promise<void>;
}

/** @param inlineMs how long attach and detach wait for the provider; 0 leaves all to `reconciler.settleDue()` */
export async function openWorld({ inlineMs = 0 }: { inlineMs?: number } = {}): Promise<World> {
  const database = new Database(await openDataSource({ kind: 'sqlite', path: ':memory:' }), 'sqlite');
  await runMigrations(database.dataSource);
  const rows = rowsOf(database);
  await seed(rows);
  const config = { role: 'api', routing: { inlineMs, driftIntervalMs: DRIFT_INTERVAL_MS } } as Config;
  const clock = new FakeClock();
  const providers = new FakeProviders();
  const repository = new AttachmentsRepository(database);
  const works = new RouteWorkRepository(database);
  const news = new NumberNews(new AgentInterestRepository(), new OutboxRepository());
  const writer = new AttachmentWriter(config, clock, repository, providers.asService, news);
  const attempt = new RouteAttempt(clock, database, works, providers.asService);
  const reconciler = new RouteReconciler(config, clock, database, works, attempt, news);
  const states = new NumberStates(providers.asService);
  const ownership = new OwnershipService(providers.asService);
  const service = new AttachmentsService(database, repository, writer, ownership, reconciler, states);
  const twilio = providers.vendor('twilio');
  const parts = { config, clock, database, providers, twilio, repository, works, writer, attempt, reconciler, states };
  return { ...parts, ...rows, news, service, close: () => database.dataSource.destroy() };
}

type Rows = Pick<World, 'insert' | 'addNumber' | 'change' | 'changeAgent' | 'number' | 'inventory'>;

function rowsOf(database: Database): Rows {
  const write = (sql: string, params: readonly SqlValue[]) =>
    database.transaction((manager) => affectedRows(manager, sql, params));
  const insert: World['insert'] = async (table, row) => {
    const names = Object.keys(row);
    await write(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      Object.values(row),
    );
  };
  return {
    insert,
    addNumber: (e164, row = {}) =>
      insert('phone_number', {
        account_id: ACCOUNT,
        e164,
        provider: 'twilio',
        status: 'inactive',
        created_at: START,
        updated_at: START,
        ...row,
      }),
    async change(e164, row) {
      const assignments = Object.keys(row).map((name) => `${name} = ?`);
      const where = 'WHERE account_id = ? AND e164 = ?';
      await write(`UPDATE phone_number SET ${assignments.join(', ')} ${where}`, [...Object.values(row), ACCOUNT, e164]);
    },
    async changeAgent(agentId, row, manager) {
      const assignments = Object.keys(row).map((name) => `${name} = ?`);
      const sql = `UPDATE agent SET ${assignments.join(', ')} WHERE agent_id = ?`;
      const params = [...Object.values(row), agentId];
      await (manager ? affectedRows(manager, sql, params) : write(sql, params));
    },
    async number(e164) {
      const [row] = await database.read((manager) => selectRows<StoredNumber>(manager, NUMBER_SQL, [ACCOUNT, e164]));
      if (!row) throw new Error(`no row for ${e164}`);
      return row;
    },
    async inventory() {
      const found = await database.read((manager) =>
        selectRows<{ e164: string }>(manager, 'SELECT e164 FROM phone_number ORDER BY e164', []),
      );
      return found.map(({ e164 }) => e164);
    },
  };
}

const NUMBER_SQL = `SELECT agent_id AS agentId, attached_at AS attachedAt, status, reason,
  route_generation AS generation, confirmed_generation AS confirmed, route_due_at AS dueAt, route_claim AS claim,
  route_attempts AS attempts, route_error AS error, route_url AS routeUrl,
  route_check_at AS checkAt, former_route AS formerRoute,
  provider_number_id AS providerNumberId, country FROM phone_number WHERE account_id = ? AND e164 = ?`;

async function seed({ insert }: Rows): Promise<void> {
  const times = { created_at: START, updated_at: START };
  for (const [account, agents] of [
    [ACCOUNT, [AGENT, OTHER_AGENT]],
    ['acct_two', ['agent_two']],
  ] as const) {
    await insert('account', { account_id: account, name: account, created_at: START });
    for (const agent of agents) {
      await insert('agent', { agent_id: agent, account_id: account, agent_name: agent, status: 'active', ...times });
    }
    for (const provider of ['twilio', 'san']) {
      await insert('provider_account', {
        provider_account_id: `pa_${account}_${provider}`,
        account_id: account,
        provider,
        sealed_credentials: 'x',
        secrets_key_id: 'x',
        inbound_key: `key-${account}-${provider}`,
        verified: 1,
        ...times,
      });
    }
  }
}

/** A promise that the spec settles. */
export class Gate {
  readonly open: () => void;
  readonly passed: Promise<void>;

  constructor() {
    let resolve = () => {};
    this.passed = new Promise<void>((done) => (resolve = done));
    this.open = resolve;
  }
}

/** Gives the event loop turns until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 4_000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error('the condition was never fulfilled');
    await nextTurn();
  }
}

export function someNumbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `+1202555${String(1_000 + index)}`);
}

/** The rejection of a promise, which must reject. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
