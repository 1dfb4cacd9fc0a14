import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AttachmentsService } from '../attachments/attachments.service';
import { grants } from '../auth/scopes';
import { CLOCK, type Clock } from '../common/clock';
import { AppError } from '../common/errors/app-error';
import { newId } from '../common/ids';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import { isForeignKeyViolation } from '../database/db-errors';
import { type Page, toPage } from '../http/pagination/page';
import type { PageQuery } from '../http/pagination/page-query.dto';
import type { Principal } from '../http/principal';
import { type AgentNumbers, AgentNumbersRepository } from '../phone-numbers/agent-numbers.repository';
import type { Purpose } from '../phone-numbers/phone-number';
import type { Agent, AgentChanges } from './agent';
import { blankAgent, changesOf } from './agent-changes';
import { AGENT_LIST, agentNotFound, readAgentCursor, readAgentId } from './agent-id';
import { checkAgent, checkSettingsSize } from './agent-rules';
import { newWebhookSecret } from './agent-webhook';
import { AgentWebhooks } from './agent-webhooks.service';
import { AgentsRepository } from './agents.repository';
import { AgentDto } from './dto/agent.dto';
import { CreatedAgentDto } from './dto/created-agent.dto';
import type { CreateAgentDto } from './dto/create-agent.dto';
import type { DeletedAgentDto } from './dto/deleted-agent.dto';
import type { UpdateAgentDto } from './dto/update-agent.dto';

@Injectable()
export class AgentsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly agents: AgentsRepository,
    private readonly numbers: AgentNumbersRepository,
    private readonly attachments: AttachmentsService,
    private readonly webhooks: AgentWebhooks,
  ) {}

  /** @throws AppError `VALIDATION_FAILED`, `INVALID_PHONE_NUMBER_FORMAT` */
  async create(accountId: string, dto: CreateAgentDto): Promise<CreatedAgentDto> {
    checkAgent(dto, this.config);
    const blank = blankAgent(newId('agent'), dto.agent_name, this.clock.now());
    const changes = changesOf(dto);
    const agent = { ...blank, ...changes };
    checkSettingsSize(agent, changes);
    const webhookSecret = newWebhookSecret();
    await this.database.transaction(async (manager) => {
      await this.agents.insert(manager, accountId, agent);
      await this.webhooks.add(manager, agent.agentId, webhookSecret);
    });
    return CreatedAgentDto.made(agent, webhookSecret);
  }

  /** Newest first; two statements whatever the size of the page. */
  async list(accountId: string, { limit, cursor }: PageQuery): Promise<Page<AgentDto>> {
    const before = readAgentCursor(cursor);
    const { rows, attached } = await this.database.read(async (manager) => {
      const rows = await this.agents.list(manager, accountId, before, limit + 1);
      const shown = rows.slice(0, limit).map(({ agentId }) => agentId);
      return { rows, attached: await this.numbers.ofAgents(manager, accountId, shown) };
    });
    return toPage(
      AGENT_LIST,
      rows,
      limit,
      ({ agentId }) => agentId,
      (agent) => AgentDto.from(agent, attached.get(agent.agentId)),
    );
  }

  /** @throws AppError `AGENT_NOT_FOUND` */
  async get(accountId: string, agentId: string): Promise<AgentDto> {
    readAgentId(agentId);
    return this.database.read(async (manager) => {
      const agent = (await this.agents.find(manager, accountId, agentId)) ?? agentNotFound(agentId);
      return this.describe(manager, accountId, agent);
    });
  }

  /**
   * Changes what is named. With `phone_numbers` the numbers change in the same transaction, under the rules of attach,
   * for which the caller needs the scope that attach needs.
   * @throws AppError `VALIDATION_FAILED`, `AGENT_NOT_FOUND`, `PURPOSE_MISMATCH`; with `phone_numbers` those of attach
   */
  async update(caller: Principal, agentId: string, dto: UpdateAgentDto): Promise<AgentDto> {
    const { accountId } = caller;
    if (dto.phone_numbers !== undefined) requireNumbersScope(caller);
    checkAgent(dto, this.config);
    readAgentId(agentId);
    const changes = changesOf(dto);
    if (dto.phone_numbers === undefined) return this.change(accountId, agentId, changes);

    const { phone_numbers: numbers, provider, purpose } = dto;
    await this.attachments.replaceSet({ accountId, agentId, numbers, provider, purpose }, async (manager) => {
      await this.write(manager, accountId, await this.lock(manager, accountId, agentId), changes);
    });
    return this.get(accountId, agentId);
  }

  /**
   * @param detach detach its numbers first
   * @throws AppError `AGENT_NOT_FOUND`, `AGENT_HAS_PHONE_NUMBERS`
   */
  async remove(caller: Principal, agentId: string, detach: boolean): Promise<DeletedAgentDto> {
    const { accountId } = caller;
    if (detach) requireNumbersScope(caller);
    readAgentId(agentId);
    try {
      if (detach) await this.removeWithNumbers(accountId, agentId);
      else await this.removeWithoutNumbers(accountId, agentId);
    } catch (error) {
      // A number was attached between the look and the deletion.
      if (isForeignKeyViolation(error)) throw new AppError('AGENT_HAS_PHONE_NUMBERS', { cause: error });
      throw error;
    }
    return { agent_id: agentId, deleted: true };
  }

  private async change(accountId: string, agentId: string, changes: AgentChanges): Promise<AgentDto> {
    return this.database.transaction(async (manager) => {
      const agent = await this.lock(manager, accountId, agentId);
      if (changes.purpose) await this.checkPurpose(manager, accountId, agentId, changes.purpose);
      const changed = await this.write(manager, accountId, agent, changes);
      return this.describe(manager, accountId, changed);
    });
  }

  private async write(manager: EntityManager, accountId: string, agent: Agent, changes: AgentChanges): Promise<Agent> {
    if (Object.keys(changes).length === 0) return agent;
    const changed = { ...agent, ...changes, updatedAt: this.clock.now() };
    checkSettingsSize(changed, changes);
    await this.agents.update(manager, accountId, agent.agentId, changes, changed.updatedAt);
    if (changes.webhookUrl) await this.webhooks.enable(manager, agent.agentId);
    return changed;
  }

  private async checkPurpose(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    purpose: Purpose,
  ): Promise<void> {
    const others = await this.numbers.withOtherPurpose(manager, accountId, agentId, purpose);
    if (others.length === 0) return;
    const details = others.map((e164) => ({
      field: 'purpose',
      message: `${e164}, which is attached to the agent, is not for ${purpose}`,
      value: e164,
    }));
    throw new AppError('PURPOSE_MISMATCH', { details });
  }

  private async removeWithoutNumbers(accountId: string, agentId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await this.lock(manager, accountId, agentId);
      const attached = (await this.numbers.ofAgents(manager, accountId, [agentId])).get(agentId);
      if (attached) throw hasNumbers(attached);
      await this.agents.delete(manager, accountId, agentId);
    });
  }

  private async removeWithNumbers(accountId: string, agentId: string): Promise<void> {
    await this.attachments.releaseAll({ accountId, agentId }, (manager) =>
      this.agents.delete(manager, accountId, agentId),
    );
  }

  private async lock(manager: EntityManager, accountId: string, agentId: string): Promise<Agent> {
    return (await this.agents.lock(manager, accountId, agentId)) ?? agentNotFound(agentId);
  }

  private async describe(manager: EntityManager, accountId: string, agent: Agent): Promise<AgentDto> {
    const attached = await this.numbers.ofAgents(manager, accountId, [agent.agentId]);
    return AgentDto.from(agent, attached.get(agent.agentId));
  }
}

function hasNumbers({ numbers }: AgentNumbers): AppError {
  const details = numbers.map((e164, index) => ({
    field: `phone_numbers[${index}]`,
    message: `${e164} is attached to the agent`,
    value: e164,
  }));
  return new AppError('AGENT_HAS_PHONE_NUMBERS', { details });
}

/** The route asks for `agents:write` alone, which must not be a way around the scope of attach and detach. */
function requireNumbersScope({ scopes }: Principal): void {
  const scope = 'numbers:write';
  if (grants(scopes, scope)) return;
  throw new AppError('FORBIDDEN', {
    message: `Token lacks the scope ${scope}`,
    details: [{ field: 'token', message: `must carry the scope ${scope}` }],
  });
}
