import type { NumberState } from '../attachments/number-state';
import type { NumberStatus } from '../phone-numbers/phone-number';

const WORST_FIRST = ['inactive', 'pending', 'active'] as const satisfies readonly NumberStatus[];

/** The status of a batch: that of the number that is worst off. */
export function worstStatus(numbers: readonly Pick<NumberState, 'status'>[]): NumberStatus {
  const present = new Set(numbers.map(({ status }) => status));
  return WORST_FIRST.find((status) => present.has(status)) ?? 'inactive';
}

/** When the last of a batch was attached, Unix milliseconds; `null` when none is. */
export function latestAttachment(numbers: readonly Pick<NumberState, 'attachedAt'>[]): number | null {
  return numbers.reduce<number | null>((latest, { attachedAt }) => {
    if (attachedAt === null) return latest;
    return latest === null ? attachedAt : Math.max(latest, attachedAt);
  }, null);
}
