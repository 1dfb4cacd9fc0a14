import { Inject, Injectable, Logger } from '@nestjs/common';
import { isE164 } from '../../common/e164';
import { isProviderName } from '../../common/provider-name';
import { type InboundVerdict, NumberProofService } from '../../phone-numbers/number-proof.service';
import type { Answer, AnswerRenderer } from '../../providers/contract/answer';
import type { CallRequested, InboundEvent, WebhookRequest } from '../../providers/contract/webhook';
import { type InboundAccount, InboundAccounts } from '../../providers/inbound-accounts.service';
import { callIdOf } from '../call-id';
import { callIdOfUrl } from '../call-url';
import { CalledNumbers, type FoundNumber } from './called-numbers.service';
import { CallStatusService } from './call-status.service';
import type { InboundAddress } from './inbound-address';
import type { InboundDecision } from './inbound-decision';
import { InboundMetrics } from './inbound-metrics';
import { type InboundReply, LATER, MALFORMED, NOT_FOUND, REFUSED } from './inbound-reply';
import { InboundRouting } from './inbound-routing.service';
import { PlacedCalls } from './placed-calls.service';
import { VerdictSampler } from './verdict-sampler';

/** Answers the providers that ask what is to become of a call. */
@Injectable()
export class InboundCallService {
  private readonly logger = new Logger(InboundCallService.name);

  constructor(
    private readonly accounts: InboundAccounts,
    private readonly numbers: CalledNumbers,
    private readonly routing: InboundRouting,
    private readonly placed: PlacedCalls,
    private readonly statuses: CallStatusService,
    private readonly proofs: NumberProofService,
    private readonly metrics: InboundMetrics,
    @Inject(VerdictSampler) private readonly sampler: VerdictSampler,
  ) {}

  async answer(address: InboundAddress, request: WebhookRequest): Promise<InboundReply> {
    const account = await this.accountAt(address);
    const renderer = account?.adapter.answer;
    if (!account || !renderer || isByHand(account) !== (address.number !== undefined)) return NOT_FOUND;
    const event = account.adapter.webhook.parse(request, { country: account.country });
    const verdict = await this.accounts.verify(account, address.key, request);
    if (verdict.kind === 'rejected') return this.refuse(account, event);
    if (!event) return MALFORMED;
    if (event.kind === 'call') return this.answerCall(account, renderer, event, address, callIdOfUrl(request.url));
    return this.takeNote(account, renderer, event, address, request);
  }

  private async accountAt({ provider, key }: InboundAddress): Promise<InboundAccount | null> {
    return isProviderName(provider) ? this.accounts.find(provider, key) : null;
  }

  private async answerCall(
    account: InboundAccount,
    renderer: AnswerRenderer,
    event: CallRequested,
    address: InboundAddress,
    placedCallId: string | null,
  ): Promise<InboundReply> {
    const called = address.number ?? event.to;
    const decision = placedCallId
      ? await this.placed.answer(account, event, placedCallId)
      : await this.decide(account, event, called !== null && isE164(called) ? called : null);
    this.metrics.count(account.provider, decision.verdict);
    if (decision.verdict === 'unavailable' && !canDo(renderer, decision.answer)) return LATER;
    return this.reply(account, renderer, decision.answer, event);
  }

  private async decide(account: InboundAccount, event: CallRequested, called: string | null): Promise<InboundDecision> {
    const found = called === null ? { number: null, isRemembered: false } : await this.find(account, called);
    if (!found) return this.routing.apology(null);
    const { number } = found;
    const [providerCallId] = event.providerCallIds;
    const callId = callIdOf(account.providerAccountId, providerCallId);
    const decision = await this.routing.route(account, number, { callId, providerCallId, from: event.from });
    if (!number || found.isRemembered) return decision;
    if (isByHand(account) && number.provenAt === null) await this.prove(account, number.e164);
    if (!number.agent) this.note(account, number.e164, decision.verdict);
    return decision;
  }

  /** @returns `null` where the database does not answer, and has not been heard of the number lately */
  private async find(account: InboundAccount, e164: string): Promise<FoundNumber | null> {
    try {
      return await this.numbers.find(account, e164);
    } catch (error) {
      this.logger.error({ err: error }, 'Called number not read');
      return null;
    }
  }

  /** At the same address some vendors tell how a call goes, or try it out. */
  private async takeNote(
    account: InboundAccount,
    renderer: AnswerRenderer,
    event: Exclude<InboundEvent, CallRequested>,
    address: InboundAddress,
    request: WebhookRequest,
  ): Promise<InboundReply> {
    const told = await this.statuses.record(account, event, address, request);
    if (!isByHand(account)) return told;
    // It waits for a document whatever it tells, and would leave the caller on a silent line.
    await this.prove(account, address.number);
    return this.reply(account, renderer, { kind: 'reject', reason: 'rejected' }, null);
  }

  private reply(
    { credentials }: InboundAccount,
    renderer: AnswerRenderer,
    answer: Answer,
    event: CallRequested | null,
  ): InboundReply {
    const { from = null, to = null, providerCallIds: [providerCallId] = [''] } = event ?? {};
    return { status: 200, document: renderer.render(answer, { credentials, providerCallId, from, to }) };
  }

  private async prove({ accountId }: InboundAccount, e164: string | undefined): Promise<void> {
    if (e164 !== undefined && isE164(e164)) await this.proofs.prove(accountId, e164);
  }

  /** A stranger who knows the key may ask as often as he likes: only now and then is that written down. */
  private refuse(account: InboundAccount, event: InboundEvent | null): InboundReply {
    this.metrics.count(account.provider, 'bad_signature');
    if (event?.kind === 'call' && event.to !== null) this.noteRefusal(account, event.to);
    return REFUSED;
  }

  private noteRefusal(account: InboundAccount, called: string): void {
    if (!isE164(called) || !this.sampler.takes(`${account.providerAccountId}:${called}`)) return;
    void this.find(account, called).then((found) => {
      if (found?.number && !found.isRemembered) this.note(account, called, 'bad_signature');
    });
  }

  /** After the answer, which it must not delay. */
  private note({ accountId }: InboundAccount, e164: string, verdict: InboundVerdict): void {
    void this.proofs
      .note(accountId, e164, verdict)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'Verdict not written'));
  }
}

function isByHand({ adapter }: InboundAccount): boolean {
  return !adapter.capabilities.route;
}

function canDo({ only }: AnswerRenderer, { kind }: Answer): boolean {
  return only === undefined || only.includes(kind);
}
