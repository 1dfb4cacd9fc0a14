import { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock';
import type { ProviderName } from '../../common/provider-name';
import type { Config } from '../../config/config';
import { Database } from '../../database/database';
import { runMigrations } from '../../database/migrate';
import { openDataSource } from '../../database/open-data-source';
import { affectedRows, selectRows, type SqlValue } from '../../database/sql';
import { OutboxRepository } from '../../outbox/outbox.repository';
import { InboundRequestsRepository } from '../../phone-numbers/inbound-requests.repository';
import type { CallReport, SoughtCall } from '../../providers/contract/call';
import type { AnyProviderAdapter, ProviderClient } from '../../providers/contract/provider-adapter';
import type { ProviderConnection } from '../../providers/provider-connection';
import type { ProvidersService } from '../../providers/providers.service';
import { Metrics } from '../../telemetry/metrics';
import type { Call } from '../call';
import { CallAgentsRepository } from '../record/call-agents.repository';
import type { CallHeardOf } from '../record/call-change';
import { CallWriter } from '../record/call-writer';
import { CallsRepository } from '../record/calls.repository';
import { NumberSlotsRepository } from '../record/number-slots.repository';
import { CallChecksRepository } from './call-checks.repository';
import { CallSweep } from './call-sweep';
import { CallSweepMetrics } from './call-sweep-metrics';

export const START = 1_764_000_000_000;
export const CHECK_AFTER_MS = 600_000;
export const OWN_NUMBER = '+12025550123';

type ReadCall = (call: SoughtCall, signal: AbortSignal | undefined) => CallReport | Promise<CallReport>;

/** Vendors in memory: every account's are asked by `read`, and San's have no documents. */
class FakeVendors {
  readonly asked: SoughtCall[] = [];
  /** The provider account that a connection is of; `null` = none is configured. */
  accountOf: (provider: ProviderName) => string | null = (provider) => `pa_${provider}`;
  read: ReadCall = () => ({ kind: 'untold' });

  readonly service = {
    adapter: (name: ProviderName) => ({ name, answer: name === 'san' ? null : {} }) as AnyProviderAdapter,
    connection: (accountId: string, provider: ProviderName): Promise<ProviderConnection | null> => {
      const providerAccountId = this.accountOf(provider);
      if (providerAccountId === null) return Promise.resolve(null);
      const client = { readCall: (call: SoughtCall, signal?: AbortSignal) => this.ask(call, signal) };
      const adapter = this.service.adapter(provider);
      const connection = { providerAccountId, accountId, provider, inboundKey: 'key', adapter };
      return Promise.resolve({ ...connection, client: client as ProviderClient });
    },
  } as unknown as ProvidersService;

  private async ask(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    this.asked.push(call);
    return this.read(call, signal);
  }
}

export interface StoredCall {
  readonly status: string;
  readonly providerCallId: string | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly durationS: number | null;
  readonly endReason: string | null;
  readonly holdsSlot: number;
  readonly checkAt: number | null;
  readonly checkClaim: string | null;
}

/** The sweep on a database in memory, with an account, its agent and its number. */
export class SweepWorld {
  readonly vendors = new FakeVendors();
  now = START;
  readonly clock: Clock = { now: () => this.now };
  private readonly writer: CallWriter;

  private constructor(
    readonly database: Database,
    readonly config: Config,
  ) {
    this.writer = new CallWriter(
      config,
      this.clock,
      new CallsRepository(database),
      new NumberSlotsRepository(database),
      new CallAgentsRepository(),
      new OutboxRepository(),
      new InboundRequestsRepository(),
    );
  }

  static async open(checkAfterMs = CHECK_AFTER_MS): Promise<SweepWorld> {
    Logger.overrideLogger(false);
    const database = new Database(await openDataSource({ kind: 'sqlite', path: ':memory:' }), 'sqlite');
    await runMigrations(database.dataSource);
    const world = new SweepWorld(database, { calls: { checkAfterMs } } as Config);
    const times = { created_at: START, updated_at: START };
    await world.insert('account', { account_id: 'acct_1', name: 'one', created_at: START });
    await world.insert('agent', {
      agent_id: 'agent_1',
      account_id: 'acct_1',
      agent_name: 'one',
      status: 'active',
      webhook_url: 'https://receiver.example/hook',
      ...times,
    });
    const number = { account_id: 'acct_1', e164: OWN_NUMBER, provider: 'twilio', status: 'active', ...times };
    await world.insert('phone_number', number);
    return world;
  }

  /** As of another process. */
  newSweep(): CallSweep {
    const { database, vendors, config, clock, writer } = this;
    const metrics = new CallSweepMetrics(new Metrics());
    return new CallSweep(config, clock, database, new CallChecksRepository(database), writer, vendors.service, metrics);
  }

  /** Begins a call at this moment, which takes a slot. */
  async begin(call: Partial<Call> = {}): Promise<Call> {
    const provider = call.provider ?? 'twilio';
    const begun: Call = {
      callId: 'call_1',
      accountId: 'acct_1',
      direction: 'inbound',
      status: 'initiated',
      agentId: 'agent_1',
      e164: OWN_NUMBER,
      farEnd: '+12025550147',
      provider,
      providerAccountId: `pa_${provider}`,
      providerCallId: 'CA1',
      startedAt: this.now,
      answeredAt: null,
      endedAt: null,
      durationS: null,
      endReason: null,
      metadata: null,
      ...call,
    };
    await this.database.transaction((manager) =>
      this.writer.write(manager, [{ kind: 'started', call: begun, holdsSlot: true, verdict: null }]),
    );
    return begun;
  }

  /** The vendor tells of a call by itself. */
  async hear(call: Call, news: Partial<CallHeardOf['news']>, name = call.providerCallId ?? ''): Promise<void> {
    const { callId, accountId, provider, providerAccountId, direction, e164, farEnd } = call;
    const unsaid = { occurredAt: null, answeredAt: null, endedAt: null, durationS: null, endReason: null };
    const about = { providerCallIds: [name], direction, from: farEnd, to: e164 } as const;
    const known = { kind: 'heard_of', callId, accountId, provider, providerAccountId, about } as const;
    await this.database.transaction((manager) =>
      this.writer.write(manager, [{ ...known, news: { status: 'in_progress', ...unsaid, ...news } }]),
    );
  }

  async call({ callId }: Pick<Call, 'callId'>): Promise<StoredCall> {
    const [row] = await this.rows<StoredCall>(
      `SELECT status, provider_call_id AS providerCallId, answered_at AS answeredAt, ended_at AS endedAt,
         duration_s AS durationS, end_reason AS endReason, holds_slot AS holdsSlot, check_at AS checkAt,
         check_claim AS checkClaim FROM phone_call WHERE call_id = ?`,
      [callId],
    );
    if (!row) throw new Error(`no call ${callId}`);
    return row;
  }

  async activeCalls(): Promise<number> {
    const [row] = await this.rows<{ calls: number }>('SELECT active_calls AS calls FROM phone_number', []);
    return row?.calls ?? Number.NaN;
  }

  /** What the agent is to be told of a call. */
  async told({ callId }: Call): Promise<string[]> {
    const rows = await this.rows<{ type: string }>(
      'SELECT type FROM outbox_message WHERE order_key = ? ORDER BY place, message_id',
      [callId],
    );
    return rows.map(({ type }) => type);
  }

  close(): Promise<void> {
    return this.database.dataSource.destroy();
  }

  private rows<Row>(sql: string, params: readonly SqlValue[]): Promise<Row[]> {
    return this.database.read((manager) => selectRows<Row>(manager, sql, params));
  }

  private async insert(table: string, row: Readonly<Record<string, SqlValue>>): Promise<void> {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    await this.database.transaction((manager) => affectedRows(manager, sql, Object.values(row)));
  }
}
