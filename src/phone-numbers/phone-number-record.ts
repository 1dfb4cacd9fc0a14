import type { ProviderName } from '../common/provider-name';
import type { NumberStatus, Purpose } from './phone-number';

/** A number of the inventory, as far as clients see it. Times in Unix milliseconds. */
export interface PhoneNumber {
  readonly e164: string;
  readonly provider: ProviderName;
  /** ISO 3166; `null` for international services. */
  readonly country: string | null;
  readonly status: NumberStatus;
  readonly reason: string | null;
  readonly purpose: Purpose | null;
  readonly label: string | null;
  readonly agentId: string | null;
  readonly attachedAt: number | null;
  readonly maxConcurrentCalls: number | null;
  readonly activeCalls: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A number and how far the provider has been told about it. */
export interface RoutedPhoneNumber extends PhoneNumber {
  readonly routeGeneration: number;
  readonly confirmedGeneration: number;
  readonly routeDueAt: number | null;
  readonly routeAttempts: number;
  readonly routeError: string | null;
  readonly routeConfirmedAt: number | null;
  readonly routeUrl: string | null;
  readonly formerRouteSaved: boolean;
  readonly provenAt: number | null;
}

/** The agent that a number is attached to, as far as the number's side needs to know it. */
export interface AttachedAgent {
  readonly agentId: string;
  readonly agentName: string;
  readonly status: string;
  readonly purpose: Purpose | null;
}

/** What a client may change of a number; what is `undefined` stays. */
export interface PhoneNumberChanges {
  readonly purpose?: Purpose | null;
  readonly label?: string | null;
  readonly maxConcurrentCalls?: number | null;
}

/** Conditions of a list; all that are given must hold. */
export interface PhoneNumberFilter {
  readonly provider?: ProviderName;
  readonly status?: NumberStatus;
  readonly purpose?: Purpose;
  readonly agentId?: string;
  /** `true` = attached to no agent, `false` = attached to one. */
  readonly available?: boolean;
  /** ISO 3166, upper case. */
  readonly country?: string;
  /** `+` and the first digits. */
  readonly prefix?: string;
}
