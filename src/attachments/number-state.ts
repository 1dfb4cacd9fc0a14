import type { NumberStatus, Purpose } from '../phone-numbers/phone-number';
import type { ProviderName } from '../common/provider-name';

/** What a client is told of a number after attach or detach. Times in Unix milliseconds. */
export interface NumberState {
  readonly phoneNumber: string;
  readonly status: NumberStatus;
  readonly reason: string | null;
  readonly attachedAt: number | null;
  /** Only at manual providers: the address to have bound there. */
  readonly inboundUrl?: string;
}

/** A number's row as attach and detach decide on it, read under lock. */
export interface NumberRow {
  readonly e164: string;
  readonly provider: ProviderName;
  readonly purpose: Purpose | null;
  readonly agentId: string | null;
  readonly attachedAt: number | null;
  readonly status: NumberStatus;
  readonly reason: string | null;
  readonly provenAt: number | null;
  /** Whether the agent that has it has a webhook; left out where nobody has looked. */
  readonly isFollowed?: boolean;
}
