import { AppError, type ErrorDetail } from '../common/errors/app-error';
import type { ErrorReason } from '../common/errors/error-catalog';
import type { Purpose } from '../phone-numbers/phone-number';
import type { ProviderName } from '../common/provider-name';
import type { NumberRow } from './number-state';
import type { Ownership } from './ownership';

/** A number as asked for, and the request member that named it. */
export interface RequestedNumber {
  readonly e164: string;
  readonly provider: ProviderName;
  readonly field: string;
}

export interface AttachFacts {
  readonly agentId: string;
  /** `null` when the account has no such agent. */
  readonly agent: { readonly purpose: Purpose | null } | null;
  readonly configured: ReadonlySet<ProviderName>;
  readonly requested: readonly RequestedNumber[];
  readonly rows: ReadonlyMap<string, NumberRow>;
  /** What the provider said of numbers that the inventory did not have. */
  readonly ownership: ReadonlyMap<string, Ownership>;
  readonly reassign: boolean;
}

/**
 * The checks of attach that need stored facts, in their documented order; the first class that fails decides.
 * @returns the numbers whose ownership must be looked up before the rest can be decided; none when all is well
 * @throws AppError naming every number at fault
 */
export function checkAttach(facts: AttachFacts): string[] {
  const { agent } = facts;
  if (!agent) throw new AppError('AGENT_NOT_FOUND', { details: [detail('agent_id', facts.agentId, 'no such agent')] });
  refuse('PROVIDER_NOT_CONFIGURED', unconfigured(facts));
  refuse('NUMBER_ALREADY_ATTACHED', facts.reassign ? [] : attachedElsewhere(facts));

  const unknown = facts.requested.filter(({ e164 }) => !facts.rows.has(e164) && !facts.ownership.has(e164));
  if (unknown.length > 0) return unknown.map(({ e164 }) => e164);

  refuse('NUMBER_NOT_AVAILABLE', unavailable(facts));
  refuse('PURPOSE_MISMATCH', otherPurpose(facts, agent.purpose));
  refuseUnreachable(facts);
  return [];
}

/** @throws AppError `NUMBER_NOT_ATTACHED` naming every number that is not attached to this agent. */
export function checkDetach(
  agentId: string,
  requested: readonly Omit<RequestedNumber, 'provider'>[],
  rows: ReadonlyMap<string, NumberRow>,
): void {
  const faults = requested.flatMap(({ e164, field }) =>
    rows.get(e164)?.agentId === agentId ? [] : [detail(field, e164, 'is not attached to this agent')],
  );
  refuse('NUMBER_NOT_ATTACHED', faults);
}

/** Whether two purposes go together: `null` goes with both. */
export function purposesAgree(one: Purpose | null, other: Purpose | null): boolean {
  return one === null || other === null || one === other;
}

function detail(field: string, value: string, message: string): ErrorDetail {
  return { field, message, value };
}

function refuse(reason: ErrorReason, details: readonly ErrorDetail[]): void {
  if (details.length > 0) throw new AppError(reason, { details });
}

function unconfigured({ requested, configured }: AttachFacts): ErrorDetail[] {
  const providers = new Set(requested.map(({ provider }) => provider));
  return [...providers]
    .filter((provider) => !configured.has(provider))
    .map((provider) => detail('provider', provider, 'has no credentials stored for this account'));
}

function attachedElsewhere({ requested, rows, agentId }: AttachFacts): ErrorDetail[] {
  return requested.flatMap(({ e164, field }) => {
    const holder = rows.get(e164)?.agentId;
    return holder && holder !== agentId ? [detail(field, e164, 'is attached to another agent')] : [];
  });
}

function unavailable({ requested, rows, ownership }: AttachFacts): ErrorDetail[] {
  return requested.flatMap(({ e164, provider, field }) => {
    const row = rows.get(e164);
    if (row && row.provider !== provider) return [detail(field, e164, `is registered under ${row.provider}`)];
    if (!row && ownership.get(e164)?.kind === 'not_owned') return [detail(field, e164, `is not owned at ${provider}`)];
    return [];
  });
}

function otherPurpose({ requested, rows }: AttachFacts, purpose: Purpose | null): ErrorDetail[] {
  return requested.flatMap(({ e164, field }) => {
    const own = rows.get(e164)?.purpose ?? null;
    return purposesAgree(own, purpose) ? [] : [detail(field, e164, `is for ${own}, the agent for ${purpose}`)];
  });
}

function refuseUnreachable({ requested, rows, ownership }: AttachFacts): void {
  const unreachable = requested.flatMap(({ e164, field }) => {
    const found = rows.has(e164) ? undefined : ownership.get(e164);
    return found?.kind === 'unreachable' ? [{ found, fault: detail(field, e164, 'could not be looked up') }] : [];
  });
  const [first] = unreachable;
  if (!first) return;
  throw new AppError('PROVIDER_UNAVAILABLE', {
    status: first.found.status,
    retryAfterS: first.found.retryAfterS,
    details: unreachable.map(({ fault }) => fault),
  });
}
