import type { ListedNumber } from './inventory';
import type { Outcome } from './attach-orders';

/** A number's state after a race: `agentId` and `attachedAt` are both `null` when it is attached to none. */
interface Final {
  readonly agentId: string | null;
  readonly attachedAt: number | null;
}

/** That a number was an agent's from a time on, as requests which were told 200 say. */
interface Tenure {
  readonly agentId: string;
  readonly attachedAt: number;
  /** Those that can have begun it: it began while they ran. */
  readonly starters: readonly Outcome[];
}

type Finals = ReadonlyMap<string, Final>;

const isAttach = ({ kind, status }: Outcome) => kind === 'attach' && status === 200;
const isDetach = ({ kind, status }: Outcome) => kind === 'detach' && status === 200;

/** Answers other than 200, and 409 for the one reason that the request can have. */
export function answerFaults(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ kind, reassign, status, reason, numbers, attachedAt }) => {
    if (status === 200) {
      const named = [...attachedAt.keys()];
      return named.join() === numbers.join() ? [] : [`${kind} of ${numbers.join()} answers for ${named.join()}`];
    }
    const expected = kind === 'detach' ? 'NUMBER_NOT_ATTACHED' : 'NUMBER_ALREADY_ATTACHED';
    if (status === 409 && reason === expected && !reassign) return [];
    return [`${kind}${reassign ? ' with reassign' : ''} answers ${status} ${reason}`];
  });
}

/** What contradicts "first come, first served, all or nothing" where nobody reassigns or detaches. */
export function attachFaults(outcomes: readonly Outcome[], listed: readonly ListedNumber[]): string[] {
  const finals = finalsOf(listed);
  const attached = outcomes.filter(isAttach);
  const lost = attached.flatMap(({ agentId, numbers, attachedAt }) =>
    numbers.flatMap((number) => {
      const final = finals.get(number);
      if (final?.agentId !== agentId) return [`${number}: ${agentId} was told 200, it is ${final?.agentId}'s`];
      const told = attachedAt.get(number);
      return final.attachedAt === told ? [] : [`${number}: attached_at was ${told} and is ${final.attachedAt}`];
    }),
  );
  const shared = [...finals.keys()].flatMap((number) => {
    const told = new Set(attached.filter(({ numbers }) => numbers.includes(number)).map(({ agentId }) => agentId));
    return told.size > 1 ? [`${number}: ${told.size} agents were told 200`] : [];
  });
  const refused = outcomes
    .filter(({ status }) => status !== 200)
    .flatMap(({ agentId, numbers }) =>
      numbers
        .filter((number) => finals.get(number)?.agentId === agentId)
        .filter((number) => !attached.some((other) => other.agentId === agentId && other.numbers.includes(number)))
        .map((number) => `${number}: is ${agentId}'s, which was never told 200 for it`),
    );
  return [...lost, ...shared, ...refused];
}

/**
 * What no order of the requests, one after another, can explain, where all numbers were detached before. A number's
 * history is the list of its tenures by time; each has to be begun by a request that was told 200, and to be ended by
 * one: by a detach of its agent, or by an attach of another agent with reassign.
 */
export function historyFaults(outcomes: readonly Outcome[], listed: readonly ListedNumber[]): string[] {
  const finals = finalsOf(listed);
  const numbers = [...finals].flatMap(([number, final]) => {
    const concerned = outcomes.filter((outcome) => outcome.numbers.includes(number));
    const tenures = tenuresOf(number, concerned);
    const detaches = concerned.filter(isDetach);
    return [
      ...beginningFaults(tenures),
      ...successionFaults(tenures, detaches),
      ...finalFaults(final, tenures, detaches),
      ...countFaults(tenures, detaches),
    ].map((fault) => `${number}: ${fault}`);
  });
  return [...numbers, ...outcomes.filter(isAttach).flatMap((outcome) => batchFaults(outcome, outcomes))];
}

function finalsOf(listed: readonly ListedNumber[]): Finals {
  return new Map(
    listed.map(({ phone_number: number, agent_id: agentId, attached_at: at }) => [
      number,
      { agentId, attachedAt: at === null ? null : Date.parse(at) },
    ]),
  );
}

function tenuresOf(number: string, outcomes: readonly Outcome[]): Tenure[] {
  const tenures = new Map<string, Tenure>();
  for (const outcome of outcomes.filter(isAttach)) {
    const attachedAt = outcome.attachedAt.get(number) ?? Number.NaN;
    const key = `${outcome.agentId} ${attachedAt}`;
    const starters = tenures.get(key)?.starters ?? [];
    const mayStart = outcome.startedAt <= attachedAt && attachedAt <= outcome.endedAt;
    tenures.set(key, { agentId: outcome.agentId, attachedAt, starters: mayStart ? [...starters, outcome] : starters });
  }
  return [...tenures.values()].sort((one, other) => one.attachedAt - other.attachedAt);
}

function beginningFaults(tenures: readonly Tenure[]): string[] {
  return tenures
    .filter(({ starters }) => starters.length === 0)
    .map(({ agentId, attachedAt }) => `nobody who was told 200 gave it to ${agentId} at ${attachedAt}`);
}

function successionFaults(tenures: readonly Tenure[], detaches: readonly Outcome[]): string[] {
  return tenures.flatMap((later) => {
    const before = tenures.filter(({ attachedAt }) => attachedAt < later.attachedAt).at(-1);
    if (!before) return [];
    // Of those that begin within one millisecond nobody can tell which came last, so any of them will do; and none has
    // to have come before another of them.
    const candidates = tenures.filter(({ attachedAt }) => attachedAt === before.attachedAt);
    const rivals = tenures.filter(
      ({ attachedAt, agentId }) => attachedAt === later.attachedAt && agentId !== later.agentId,
    );
    const isExplained =
      rivals.length > 0 ||
      candidates.some((earlier) => wasMoved(earlier, later) || wasDetached(earlier, later, detaches));
    if (isExplained) return [];
    return [`${later.agentId} got it at ${later.attachedAt}, and nobody had taken it from ${before.agentId}`];
  });
}

function wasMoved(earlier: Tenure, later: Tenure): boolean {
  return earlier.agentId !== later.agentId && later.starters.some(({ reassign }) => reassign);
}

function wasDetached(earlier: Tenure, later: Tenure, detaches: readonly Outcome[]): boolean {
  return detaches.some(
    ({ agentId, startedAt, endedAt }) =>
      agentId === earlier.agentId && endedAt >= earlier.attachedAt && startedAt <= later.attachedAt,
  );
}

function finalFaults(final: Final, tenures: readonly Tenure[], detaches: readonly Outcome[]): string[] {
  const latest = tenures.at(-1)?.attachedAt;
  const last = tenures.filter(({ attachedAt }) => attachedAt === latest);
  const ends = (agentId: string, since: number) =>
    detaches.filter((detach) => detach.agentId === agentId && detach.endedAt >= since);
  if (final.agentId === null) {
    return last.length === 0 || last.some(({ agentId, attachedAt }) => ends(agentId, attachedAt).length > 0)
      ? []
      : [`is attached to none, and nobody had detached it from ${last[0]?.agentId}`];
  }
  const { agentId, attachedAt } = final;
  if (!last.some((tenure) => tenure.agentId === agentId && tenure.attachedAt === attachedAt)) {
    return [`is ${agentId}'s since ${attachedAt}; the last that was told 200 is ${last[0]?.agentId} at ${latest}`];
  }
  return ends(agentId, attachedAt ?? 0)
    .filter(({ startedAt }) => startedAt > (attachedAt ?? 0))
    .map(() => `is ${agentId}'s since ${attachedAt}, although a detach of after that was told 200`);
}

function countFaults(tenures: readonly Tenure[], detaches: readonly Outcome[]): string[] {
  return [...new Set(detaches.map(({ agentId }) => agentId))].flatMap((agentId) => {
    const ends = detaches.filter((detach) => detach.agentId === agentId).length;
    const own = tenures.filter((tenure) => tenure.agentId === agentId);
    const begins = own.reduce((sum, { starters }) => sum + starters.length, 0);
    return ends <= begins
      ? []
      : [`${ends} detaches from ${agentId} were told 200, which got it at most ${begins} times`];
  });
}

/** The five move together: a number that shows another time than the batch was the agent's before, by another request. */
function batchFaults(outcome: Outcome, outcomes: readonly Outcome[]): string[] {
  const movedAt = Math.max(...[...outcome.attachedAt.values()].map((at) => at ?? 0));
  return [...outcome.attachedAt].flatMap(([number, at]) => {
    if (at === movedAt && outcome.startedAt <= at && at <= outcome.endedAt) return [];
    const hadIt = outcomes.some(
      (other) =>
        other !== outcome &&
        isAttach(other) &&
        other.agentId === outcome.agentId &&
        other.attachedAt.get(number) === at &&
        other.startedAt <= (at ?? 0) &&
        (at ?? 0) <= other.endedAt,
    );
    return hadIt ? [] : [`${number}: shows ${at} in a batch of ${outcome.agentId} that moved at ${movedAt}`];
  });
}
