import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { isCrossChecked } from './cross-checked';
import type { Faults } from './faults';
import { FieldRule } from './field-rule';

interface Member {
  readonly name: string;
  readonly rule: FieldRule;
  /** Made optional by a mapped type. */
  readonly optional: boolean;
}

/** A DTO class's members in the order of their declaration, worked out once from class-validator's metadata. */
export class DtoPlan {
  private static readonly plans = new WeakMap<Type<object>, DtoPlan>();

  private readonly members: readonly Member[];
  private readonly names: ReadonlySet<string>;

  private constructor(private readonly dto: Type<object>) {
    this.members = membersOf(dto);
    this.names = new Set(this.members.map(({ name }) => name));
  }

  static of(dto: Type<object>): DtoPlan {
    const known = DtoPlan.plans.get(dto);
    if (known) return known;
    const plan = new DtoPlan(dto);
    DtoPlan.plans.set(dto, plan);
    return plan;
  }

  /**
   * A DTO made of `input`'s members. Reports every fault to `faults`, members that the class does not have included;
   * the result is of use only when there is none. `prefix` names the object that `input` is inside another.
   */
  read(input: Readonly<Record<string, unknown>>, prefix: string, faults: Faults): object {
    const result: object & Record<string, unknown> = new this.dto() as Record<string, unknown>;
    for (const { name, rule, optional } of this.members) {
      const given = Object.hasOwn(input, name) ? input[name] : undefined;
      const value = rule.read(given, prefix + name, faults, optional);
      if (value !== undefined) result[name] = value;
    }
    for (const name of Object.keys(input)) {
      if (!this.names.has(name)) faults.invalid(prefix + name, 'is not a known member');
    }
    if (isCrossChecked(result)) result.crossCheck(prefix, faults);
    return result;
  }
}

function membersOf(dto: Type<object>): Member[] {
  const all = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const optional = new Set(all.filter(({ type }) => type === 'conditionalValidation').map((one) => one.propertyName));
  const members = new Map<string, Member>();
  for (const { type, propertyName: name, constraints } of all) {
    if (type === 'conditionalValidation') continue;
    const rule: unknown = (constraints as unknown[] | undefined)?.[0];
    if (!(rule instanceof FieldRule)) throw new Error(`${dto.name}.${name} has a rule that is not a field decorator`);
    if (members.has(name)) throw new Error(`${dto.name}.${name} has two field decorators`);
    members.set(name, { name, rule, optional: optional.has(name) });
  }
  return [...members.values()];
}
