import { choiceOf, flagOf, integerOf, recordOf } from './input';
import { Effect } from './vendor';

/** How a vendor misbehaves. Members are read from and written to JSON, hence their spelling. */
export interface Mode {
  /** Delay before the request is looked at, in milliseconds. */
  latency_ms?: number;
  /** HTTP status of injected failures; 500 when another member asks for a failure and this one is absent. */
  fail_status?: number;
  /** How many requests fail or hang before the vendor is good again; without it there is no end. */
  fail_count?: number;
  /** `Retry-After` of injected failures, in seconds. */
  retry_after_s?: number;
  /** Never answer. */
  hang?: boolean;
  /** Do what was asked and then fail or, together with `hang`, never say so. */
  apply_then_fail?: boolean;
  only?: Effect;
}

export interface Treatment {
  latencyMs: number;
  /** `refuse` and `hang` leave the vendor's state alone; the other two change it first. */
  fault: 'none' | 'refuse' | 'hang' | 'apply_then_fail' | 'apply_then_hang';
  status: number;
  retryAfterS?: number;
}

const MEMBERS = [
  'latency_ms',
  'fail_status',
  'fail_count',
  'retry_after_s',
  'hang',
  'apply_then_fail',
  'only',
] as const;
const ONE_DAY_MS = 86_400_000;

/** @throws BadInput on unknown members and values out of range */
export function parseMode(input: unknown): Mode {
  const given = recordOf(input, 'mode', MEMBERS);
  const integer = (member: (typeof MEMBERS)[number], min: number, max: number) =>
    given[member] === undefined ? undefined : integerOf(given[member], min, max, member);
  return {
    latency_ms: integer('latency_ms', 0, ONE_DAY_MS),
    fail_status: integer('fail_status', 400, 599),
    fail_count: integer('fail_count', 1, Number.MAX_SAFE_INTEGER),
    retry_after_s: integer('retry_after_s', 0, ONE_DAY_MS / 1000),
    hang: flagOf(given.hang, 'hang'),
    apply_then_fail: flagOf(given.apply_then_fail, 'apply_then_fail'),
    only: given.only === undefined ? undefined : choiceOf(given.only, ['read', 'write'], 'only'),
  };
}

/** Holds one vendor's mode and decides, request by request, how it is treated. */
export class ModeSwitch {
  private mode: Mode = {};
  private faultsLeft = 0;

  /** Replaces the whole mode. */
  set(mode: Mode): void {
    this.mode = mode;
    this.faultsLeft = isFaulty(mode) ? (mode.fail_count ?? Number.POSITIVE_INFINITY) : 0;
  }

  clear(): void {
    this.set({});
  }

  current(): Mode & { faults_left: number | 'endless' } {
    return { ...this.mode, faults_left: Number.isFinite(this.faultsLeft) ? this.faultsLeft : 'endless' };
  }

  next(effect: Effect): Treatment {
    const { mode } = this;
    const status = mode.fail_status ?? 500;
    if (mode.only !== undefined && mode.only !== effect) return { latencyMs: 0, fault: 'none', status };
    const latencyMs = mode.latency_ms ?? 0;
    if (this.faultsLeft <= 0) return { latencyMs, fault: 'none', status };
    this.faultsLeft -= 1;
    return { latencyMs, fault: faultOf(mode), status, retryAfterS: mode.retry_after_s };
  }
}

function isFaulty(mode: Mode): boolean {
  const failure = mode.fail_status ?? mode.fail_count ?? mode.retry_after_s;
  return failure !== undefined || mode.hang === true || mode.apply_then_fail === true;
}

function faultOf(mode: Mode): Treatment['fault'] {
  if (mode.apply_then_fail) return mode.hang ? 'apply_then_hang' : 'apply_then_fail';
  return mode.hang ? 'hang' : 'refuse';
}
