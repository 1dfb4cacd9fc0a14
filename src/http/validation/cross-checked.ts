import type { Faults } from './faults';

/**
 * A DTO with rules that take more than one member to decide. They are checked after the members by themselves, malformed
 * ones included, so that one answer names every fault.
 */
export interface CrossChecked {
  /** @param prefix goes before the members' names: `connect.` for a nested object */
  crossCheck(prefix: string, faults: Faults): void;
}

export function isCrossChecked(dto: object): dto is CrossChecked {
  return typeof (dto as Partial<CrossChecked>).crossCheck === 'function';
}
