import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError, type ErrorDetail } from '../common/errors/app-error';
import { Database } from '../database/database';
import type { Purpose } from '../phone-numbers/phone-number';
import type { ProviderName } from '../common/provider-name';
import { type AlsoDo, type Attempt, AttachmentWriter, type AttachRequest } from './attachment-writer';
import { checkDetach, type RequestedNumber } from './attachment-rules';
import { AttachmentsRepository } from './attachments.repository';
import type { NumberRow, NumberState } from './number-state';
import { NumberStates } from './number-states';
import type { Ownership } from './ownership';
import { OwnershipService } from './ownership.service';
import { RouteReconciler } from './route-reconciler';

export interface AttachCommand {
  readonly accountId: string;
  readonly agentId: string;
  readonly provider: ProviderName;
  readonly numbers: readonly string[];
  readonly reassign: boolean;
  readonly dryRun: boolean;
}

export interface AttachmentResult {
  readonly agentId: string;
  readonly provider: ProviderName;
  readonly numbers: readonly NumberState[];
}

export interface DetachCommand {
  readonly accountId: string;
  readonly agentId: string;
  readonly numbers: readonly string[];
  readonly dryRun: boolean;
}

export interface DetachmentResult {
  readonly agentId: string;
  readonly numbers: readonly NumberState[];
}

export interface ReplaceCommand {
  readonly accountId: string;
  readonly agentId: string;
  readonly numbers: readonly string[];
  /** Needed for numbers that the inventory does not have. */
  readonly provider?: ProviderName;
  /** The purpose that the agent is to have; its present one where left out. */
  readonly purpose?: Purpose | null;
}

/** How often the inventory may change between look-up and transaction before the request gives up. */
const MAX_ROUNDS = 4;

/**
 * One number belongs to one agent, all or nothing: every change is one transaction on locked rows, and the provider is
 * told afterwards, first within the request and then, for as long as it takes, by the reconciler.
 */
@Injectable()
export class AttachmentsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    private readonly repository: AttachmentsRepository,
    private readonly writer: AttachmentWriter,
    private readonly ownership: OwnershipService,
    private readonly reconciler: RouteReconciler,
    private readonly states: NumberStates,
  ) {}

  /** @throws AppError for every row of the documented table; nothing is changed then */
  async attach(command: AttachCommand): Promise<AttachmentResult> {
    const { accountId, agentId, provider } = command;
    const requested = withFields('numbers', command.numbers).map((number) => ({ ...number, provider }));
    const outcome = await this.inRounds(accountId, requested, (manager, ownership) =>
      this.writer.attach(manager, { ...command, requested, ownership }),
    );
    const numbers = requested.map(({ e164 }) => e164);
    const isSettled = await this.reconciler.settle(accountId, outcome.raised);
    const rows = isSettled ? await this.afterSettling(accountId, agentId, outcome) : outcome.rows;
    return { agentId, provider, numbers: await this.states.of(accountId, numbers, rows) };
  }

  /** @throws AppError `AGENT_NOT_FOUND`, `NUMBER_NOT_ATTACHED`; nothing is changed then */
  async detach({ accountId, agentId, numbers: wanted, dryRun }: DetachCommand): Promise<DetachmentResult> {
    const requested = withFields('numbers', wanted);
    const e164s = requested.map(({ e164 }) => e164);
    const raised = await this.database.transaction(async (manager) => {
      const agent = await this.repository.lockAgent(manager, accountId, agentId);
      if (!agent) throw new AppError('AGENT_NOT_FOUND');
      const rows = await this.repository.lockNumbers(manager, accountId, e164s);
      checkDetach(agentId, requested, rows);
      return dryRun ? [] : this.writer.detach(manager, { accountId, agentId }, agent, [...rows.values()]);
    });
    await this.reconciler.settle(accountId, raised);
    const numbers = e164s.map((phoneNumber): NumberState => ({
      phoneNumber,
      status: 'inactive',
      reason: null,
      attachedAt: null,
    }));
    return { agentId, numbers };
  }

  /** Makes `numbers` the whole set of the agent: others are detached, new ones attached, in one transaction. */
  async replaceSet(command: ReplaceCommand, also: AlsoDo): Promise<void> {
    const { accountId, agentId, provider } = command;
    const wanted = withFields('phone_numbers', command.numbers);
    const requested = await this.withProviders(accountId, wanted, provider);
    const numbers = new Set(requested.map(({ e164 }) => e164));
    const { raised } = await this.inRounds(accountId, requested, async (manager, ownership) => {
      const agent = await this.repository.lockAgent(manager, accountId, agentId);
      if (!agent) throw new AppError('AGENT_NOT_FOUND');
      const purpose = command.purpose === undefined ? agent.purpose : command.purpose;
      const held = await this.repository.numbersOfAgent(manager, accountId, agentId);
      const request: AttachRequest = { accountId, agentId, requested, ownership, reassign: false, dryRun: false };
      const dropped = held.filter((e164) => !numbers.has(e164));
      return this.writer.replace(manager, request, { purpose }, dropped, also);
    });
    await this.reconciler.settle(accountId, raised);
  }

  /** Detaches all that the agent has. */
  async releaseAll(which: { accountId: string; agentId: string }, also: AlsoDo): Promise<void> {
    const { accountId, agentId } = which;
    const raised = await this.database.transaction(async (manager) => {
      const agent = await this.repository.lockAgent(manager, accountId, agentId);
      if (!agent) throw new AppError('AGENT_NOT_FOUND');
      const held = await this.repository.numbersOfAgent(manager, accountId, agentId);
      const rows = await this.repository.lockNumbers(manager, accountId, held);
      const changed = await this.writer.detach(
        manager,
        which,
        agent,
        [...rows.values()].filter((row) => row.agentId === agentId),
      );
      await also(manager);
      return changed;
    });
    await this.reconciler.settle(accountId, raised);
  }

  /** The rows as they are now; one that others have moved on since is told as this request has left it. */
  private async afterSettling(
    accountId: string,
    agentId: string,
    { rows, raised }: Attempt,
  ): Promise<ReadonlyMap<string, NumberRow>> {
    if (raised.length === 0) return rows;
    const now = await this.database.read((manager) => this.repository.readNumbers(manager, accountId, raised));
    const settled = [...now].filter(([, row]) => row.agentId === agentId);
    return new Map([...rows, ...settled]);
  }

  /**
   * Runs the transaction and, when it meets numbers whose ownership is not known, asks the provider between two runs:
   * no network call is ever made inside a transaction.
   */
  private async inRounds(
    accountId: string,
    requested: readonly RequestedNumber[],
    work: (manager: EntityManager, ownership: ReadonlyMap<string, Ownership>) => Promise<Attempt>,
  ): Promise<Attempt> {
    const ownership = new Map<string, Ownership>();
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const attempt = await this.database.transaction((manager) => work(manager, ownership));
      if (attempt.unknown.length === 0) return attempt;
      const unknown = new Set(attempt.unknown);
      const asked = requested.filter(({ e164 }) => unknown.has(e164));
      for (const [provider, numbers] of groupByProvider(asked)) {
        const found = await this.ownership.lookUp(accountId, provider, numbers);
        for (const [e164, owner] of found) ownership.set(e164, owner);
      }
    }
    throw new AppError('UNAVAILABLE', { retryAfterS: 1 });
  }

  private async withProviders(
    accountId: string,
    wanted: readonly { e164: string; field: string }[],
    provider: ProviderName | undefined,
  ): Promise<RequestedNumber[]> {
    if (wanted.length === 0) return [];
    const rows = await this.database.read((manager) =>
      this.repository.readNumbers(
        manager,
        accountId,
        wanted.map(({ e164 }) => e164),
      ),
    );
    const missing: ErrorDetail[] = [];
    const requested = wanted.flatMap(({ e164, field }): RequestedNumber[] => {
      const known = rows.get(e164);
      // A number the agent may keep stays where it is registered; `provider` speaks of new ones only.
      const own = known?.agentId ? known.provider : (provider ?? known?.provider);
      if (own) return [{ e164, field, provider: own }];
      missing.push({ field, message: 'is not in the inventory, so that its provider has to be named', value: e164 });
      return [];
    });
    if (missing.length > 0) throw new AppError('PROVIDER_REQUIRED', { details: missing });
    return requested;
  }
}

/** Each number once, in first-seen order, with the request member that named it first. */
function withFields(member: string, numbers: readonly string[]): { e164: string; field: string }[] {
  const fields = new Map<string, string>();
  numbers.forEach((e164, index) => fields.has(e164) || fields.set(e164, `${member}[${index}]`));
  return [...fields].map(([e164, field]) => ({ e164, field }));
}

function groupByProvider(requested: readonly RequestedNumber[]): Map<ProviderName, string[]> {
  const groups = new Map<ProviderName, string[]>();
  for (const { provider, e164 } of requested) {
    const group = groups.get(provider);
    if (group) group.push(e164);
    else groups.set(provider, [e164]);
  }
  return groups;
}
