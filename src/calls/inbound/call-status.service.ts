import { Injectable } from '@nestjs/common';
import { isProviderName } from '../../common/provider-name';
import type { CallProgressed, InboundEvent, WebhookRequest } from '../../providers/contract/webhook';
import { type InboundAccount, InboundAccounts } from '../../providers/inbound-accounts.service';
import { callIdOfUrl } from '../call-url';
import type { CallHeardOf } from '../record/call-change';
import { CallRecorder } from '../record/call-recorder.service';
import type { InboundAddress } from './inbound-address';
import { InboundMetrics } from './inbound-metrics';
import { type InboundReply, MALFORMED, NOT_FOUND, REFUSED, TAKEN } from './inbound-reply';

/** Takes what providers tell of how calls go. */
@Injectable()
export class CallStatusService {
  constructor(
    private readonly accounts: InboundAccounts,
    private readonly recorder: CallRecorder,
    private readonly metrics: InboundMetrics,
  ) {}

  /** Answers once it is durable: a vendor that is told otherwise tells it again. */
  async take(address: InboundAddress, request: WebhookRequest): Promise<InboundReply> {
    const account = isProviderName(address.provider) ? await this.accounts.find(address.provider, address.key) : null;
    if (!account) return NOT_FOUND;
    const verdict = await this.accounts.verify(account, address.key, request);
    if (verdict.kind === 'rejected') {
      this.metrics.status(account.provider, 'bad_signature');
      return REFUSED;
    }
    const event = account.adapter.webhook.parse(request, { country: account.country });
    return this.record(account, event, address, request);
  }

  /** @param event of an authentic request */
  async record(
    account: InboundAccount,
    event: InboundEvent | null,
    address: InboundAddress,
    request: WebhookRequest,
  ): Promise<InboundReply> {
    if (!event) {
      this.metrics.status(account.provider, 'malformed');
      return MALFORMED;
    }
    if (event.kind !== 'status') {
      this.metrics.status(account.provider, 'ignored');
      return TAKEN;
    }
    await this.keep({
      kind: 'heard_of',
      callId: callIdOfUrl(request.url),
      accountId: account.accountId,
      provider: account.provider,
      providerAccountId: account.providerAccountId,
      about: aboutOf(event, address),
      news: event,
    });
    this.metrics.status(account.provider, 'recorded');
    return TAKEN;
  }

  /** Not every vendor tells again what we could not write: whatever it is answered, the news are kept. */
  private async keep(change: CallHeardOf): Promise<void> {
    try {
      await this.recorder.record(change);
    } catch (error) {
      void this.recorder.note(change);
      throw error;
    }
  }
}

/** At a number's own address the number called is known better than from the request. */
function aboutOf(event: CallProgressed, { number }: InboundAddress): CallProgressed {
  return number !== undefined && event.direction === 'inbound' ? { ...event, to: number } : event;
}
