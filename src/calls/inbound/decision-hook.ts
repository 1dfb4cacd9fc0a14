import { Inject, Injectable, Logger } from '@nestjs/common';
import { AgentWebhooks } from '../../agents/agent-webhooks.service';
import { CLOCK, type Clock, toIso } from '../../common/clock';
import { newId } from '../../common/ids';
import type { ProviderName } from '../../common/provider-name';
import { within } from '../../common/within';
import { WebhookClient } from '../../webhooks/webhook-client';
import type { WebhookReply } from '../../webhooks/webhook-reply';
import { fault, type HookVerdict, readHookAnswer } from './hook-answer';

/** A call that an agent's server is asked about before it is answered. */
export interface HookQuestion {
  /** The agent's `inbound_webhook_url`. */
  readonly url: string;
  readonly accountId: string;
  /** The agent that the call would go to. */
  readonly agentId: string;
  readonly callId: string;
  /** E.164 where it is a number; `null` where withheld. */
  readonly from: string | null;
  /** E.164. */
  readonly to: string;
  readonly provider: ProviderName;
}

/** For everything from the look-up of the secrets to the end of the answer, in milliseconds. */
const BUDGET_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1_024;
/** Of a character that the limit has cut in two, so many bytes may be missing. */
const CUT_BYTES = 3;

/** Asks agents' own servers what is to become of their calls. */
@Injectable()
export class InboundHook {
  private readonly logger = new Logger(InboundHook.name);

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly webhooks: AgentWebhooks,
    private readonly client: WebhookClient,
  ) {}

  /** Never rejects, and takes three seconds at most: whatever goes wrong, the call takes its usual route. */
  async ask(question: HookQuestion): Promise<HookVerdict> {
    const startedAt = performance.now();
    const secrets = await this.secretsOf(question.agentId);
    if (secrets.length === 0) return fault('no_secret');
    const timeoutMs = Math.ceil(BUDGET_MS - (performance.now() - startedAt));
    if (timeoutMs <= 0) return fault('timeout');
    const reply = await this.client.post(question.url, {
      id: newId('message'),
      body: this.bodyOf(question),
      secrets,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
    const verdict = verdictOf(reply);
    if (verdict.kind === 'normal' && verdict.fault !== null) {
      const { accountId: account_id, agentId: agent_id, callId: call_id } = question;
      const entry = { account_id, agent_id, call_id, fault: verdict.fault };
      this.logger.warn(entry, "The agent's server was not followed");
    }
    return verdict;
  }

  private async secretsOf(agentId: string): Promise<readonly string[]> {
    try {
      return await within(BUDGET_MS, this.webhooks.secretsOf(agentId));
    } catch (error) {
      this.logger.error({ err: error, agent_id: agentId }, 'No secret to sign a question with');
      return [];
    }
  }

  private bodyOf({ agentId, callId, from, to, provider }: HookQuestion): string {
    return JSON.stringify({
      type: 'call.inbound',
      call_id: callId,
      agent_id: agentId,
      phone_number: from,
      from,
      to,
      provider,
      timestamp: toIso(this.clock.now()),
    });
  }
}

function verdictOf(reply: WebhookReply): HookVerdict {
  if (reply.kind === 'failed') return fault(reply.error);
  const { statusCode, response, isWhole } = reply;
  if (isWhole) return readHookAnswer(statusCode, response);
  return fault(Buffer.byteLength(response) + CUT_BYTES >= MAX_ANSWER_BYTES ? 'too_long' : 'timeout');
}
