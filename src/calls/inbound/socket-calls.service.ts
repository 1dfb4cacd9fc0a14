import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids';
import { NumberProofService } from '../../phone-numbers/number-proof.service';
import type { Answer } from '../../providers/contract/answer';
import { InboundAccounts } from '../../providers/inbound-accounts.service';
import type { BridgedCall } from './bridged-calls.service';
import { CalledNumbers } from './called-numbers.service';
import type { NumberAddress } from './inbound-proof.service';
import { InboundMetrics } from './inbound-metrics';
import { InboundRouting } from './inbound-routing.service';

export interface SocketCall {
  readonly answer: Answer;
  /** What is to be followed; `null` where the number has no agent to take the call. */
  readonly bridged: BridgedCall | null;
}

/** Calls of vendors that open a WebSocket for a call to one of their numbers, instead of asking. */
@Injectable()
export class SocketCalls {
  constructor(
    private readonly accounts: InboundAccounts,
    private readonly numbers: CalledNumbers,
    private readonly routing: InboundRouting,
    private readonly proofs: NumberProofService,
    private readonly metrics: InboundMetrics,
  ) {}

  /**
   * @returns where to connect it; `null` where the address is none of a number's
   * @throws whatever the database throws where it does not answer and the number has not been heard of lately
   */
  async connect({ provider, key, number: e164 }: NumberAddress): Promise<SocketCall | null> {
    const account = await this.accounts.find(provider, key);
    if (!account || account.adapter.answer) return null;
    const { number, isRemembered } = await this.numbers.find(account, e164);
    if (!number) return null;
    const callId = newId('call');
    if (!isRemembered && number.provenAt === null) await this.proofs.prove(account.accountId, e164);
    const call = { callId, providerCallId: null, from: null };
    const { verdict, answer, recorded } = await this.routing.route(account, number, call);
    this.metrics.count(provider, verdict);
    if (!number.agent && !isRemembered) await this.proofs.note(account.accountId, e164, verdict);
    const isBridged = verdict === 'routed' && answer.kind === 'stream';
    return { answer, bridged: isBridged ? { account, callId, e164, recorded } : null };
  }
}
