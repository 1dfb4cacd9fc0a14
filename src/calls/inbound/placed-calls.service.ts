import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { within } from '../../common/within';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import type { Answer } from '../../providers/contract/answer';
import type { CallRequested } from '../../providers/contract/webhook';
import type { InboundAccount } from '../../providers/inbound-accounts.service';
import { isUnderWay } from '../call-state';
import { CallRecorder } from '../record/call-recorder.service';
import { CallsRepository } from '../record/calls.repository';
import { heardOf } from '../record/heard-of';
import { CalledNumberRepository } from './called-number.repository';
import { connectTo, type InboundDecision } from './inbound-decision';

/** How long the read may take, in milliseconds: somebody has just picked up. */
const READ_LIMIT_MS = 1_500;
const REJECTED: Answer = { kind: 'reject', reason: 'rejected' };

/** Calls that we have placed, and whose provider now asks what to say. */
@Injectable()
export class PlacedCalls {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly calls: CallsRepository,
    private readonly agents: CalledNumberRepository,
    private readonly recorder: CallRecorder,
  ) {}

  /** The agent that has placed the call takes it, whether or not it still takes calls from outside. */
  async answer(
    { accountId, providerAccountId }: InboundAccount,
    event: CallRequested,
    callId: string,
  ): Promise<InboundDecision> {
    const reading = this.database.read(async (manager) => {
      const call = await this.calls.find(manager, accountId, callId);
      const agentId = call?.providerAccountId === providerAccountId ? call.agentId : null;
      const agent = agentId === null ? null : await this.agents.findAgent(manager, accountId, agentId);
      return { call, agent };
    });
    const { call, agent } = await within(READ_LIMIT_MS, reading);
    if (!call || !agent || !isUnderWay(call.status)) return { verdict: 'unknown_number', answer: REJECTED };
    // A vendor asks once somebody has picked up; some tell of it in no other way.
    const news = { status: 'in_progress', occurredAt: this.clock.now() } as const;
    void this.recorder.note(heardOf(call, news, event.providerCallIds[0]));
    const answer = connectTo(agent, { callId, from: call.e164, to: call.farEnd }, this.config.mediaUrl);
    return { verdict: 'placed', answer: answer ?? REJECTED };
  }
}
