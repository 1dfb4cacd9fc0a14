import { Inject, Injectable, Logger } from '@nestjs/common';
import { isE164 } from '../../common/e164';
import { newId } from '../../common/ids';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import { type InboundVerdict, NumberProofService } from '../../phone-numbers/number-proof.service';
import type { Answer, AnswerRenderer } from '../../providers/contract/answer';
import type { CallRequested, InboundEvent, WebhookRequest } from '../../providers/contract/webhook';
import { type InboundAccount, InboundAccounts } from '../../providers/inbound-accounts.service';
import { isProviderName } from '../../common/provider-name';
import { CalledNumberRepository } from './called-number.repository';
import { decide, type InboundDecision } from './inbound-decision';
import { InboundMetrics } from './inbound-metrics';
import { type InboundReply, MALFORMED, NOT_FOUND, REFUSED, TAKEN } from './inbound-reply';
import { VerdictSampler } from './verdict-sampler';

/** Where a request came in: the parts of `/inbound/{provider}/{key}` and, at manual providers, the number behind it. */
export interface InboundAddress {
  readonly provider: string;
  readonly key: string;
  readonly number?: string;
}

/** Answers the providers that ask what is to become of a call. */
@Injectable()
export class InboundCallService {
  private readonly logger = new Logger(InboundCallService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Database) private readonly database: Database,
    private readonly accounts: InboundAccounts,
    private readonly numbers: CalledNumberRepository,
    private readonly proofs: NumberProofService,
    private readonly metrics: InboundMetrics,
    private readonly sampler: VerdictSampler,
  ) {}

  async answer(address: InboundAddress, request: WebhookRequest): Promise<InboundReply> {
    const account = await this.accountAt(address);
    const renderer = account?.adapter.answer;
    if (!account || !renderer || isByHand(account) !== (address.number !== undefined)) return NOT_FOUND;
    const event = account.adapter.webhook.parse(request, { country: account.country });
    const verdict = await this.accounts.verify(account, address.key, request);
    if (verdict.kind === 'rejected') return this.refuse(account, event);
    if (!event) return MALFORMED;
    if (event.kind === 'call') return this.answerCall(account, renderer, event, address.number ?? event.to);
    if (!isByHand(account)) return TAKEN;
    // It waits for a document whatever it tells, and would leave the caller on a silent line.
    await this.prove(account, address.number);
    return this.reply(account, renderer, { kind: 'reject', reason: 'rejected' }, null);
  }

  /** Takes note of how a call goes. */
  async takeStatus(address: InboundAddress, request: WebhookRequest): Promise<InboundReply> {
    const account = await this.accountAt(address);
    if (!account) return NOT_FOUND;
    const verdict = await this.accounts.verify(account, address.key, request);
    if (verdict.kind === 'rejected') return this.refuse(account, null);
    return account.adapter.webhook.parse(request, { country: account.country }) ? TAKEN : MALFORMED;
  }

  /**
   * A vendor opens a WebSocket for a call to one of its numbers, instead of asking.
   * @returns where to connect it; `null` where the address is none of a number's
   */
  async connect(address: Required<InboundAddress>): Promise<InboundDecision | null> {
    const account = await this.accountAt(address);
    if (!account || account.adapter.answer) return null;
    const number = await this.find(account, address.number);
    if (!number) return null;
    const decision = decide(number, { callId: newId('call'), from: null }, this.config.mediaUrl);
    this.metrics.count(account.provider, decision.verdict);
    await this.proofs.accept(account.accountId, account.provider, number.e164, decision.verdict);
    return decision;
  }

  private async accountAt({ provider, key }: InboundAddress): Promise<InboundAccount | null> {
    return isProviderName(provider) ? this.accounts.find(provider, key) : null;
  }

  private async answerCall(
    account: InboundAccount,
    renderer: AnswerRenderer,
    event: CallRequested,
    called: string | null,
  ): Promise<InboundReply> {
    const number = called !== null && isE164(called) ? await this.find(account, called) : null;
    const call = { callId: newId('call'), from: event.from };
    const { verdict, answer } = decide(number, call, this.config.mediaUrl);
    this.metrics.count(account.provider, verdict);
    if (number && isByHand(account) && number.provenAt === null) await this.prove(account, number.e164);
    if (number) this.note(account, number.e164, verdict);
    return this.reply(account, renderer, answer, event);
  }

  private find({ accountId, provider }: InboundAccount, e164: string) {
    return this.database.read((manager) => this.numbers.find(manager, accountId, provider, e164));
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
    void this.find(account, called)
      .then((number) => number && this.proofs.note(account.accountId, called, 'bad_signature'))
      .catch((error: unknown) => this.logger.warn({ err: error }, 'Verdict not written'));
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
