import { OmitType, PartialType, PickType } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { PageQuery } from '../pagination/page-query.dto';
import { DtoPlan } from './dto-plan';
import { Faults } from './faults';
import { EnumField, IdentifierField, TextField } from './fields';

const description = 'A member';

class Create {
  @TextField({ description, required: 'AGENT_NAME_REQUIRED' })
  agent_name!: string;

  @EnumField(['x'], { description })
  kind!: string;

  @TextField({ description, optional: true, nullable: true })
  note?: string | null;
}

class Update extends PartialType(Create) {}
class UpdateStrictly extends PartialType(Create, { skipNullProperties: false }) {}
class WithoutKind extends OmitType(Create, ['kind']) {}
class OnlyKind extends PickType(Create, ['kind']) {}

class ListQuery extends PageQuery {
  @IdentifierField({ description, optional: true })
  agent_id?: string;
}

function read(dto: new () => object, input: object) {
  const faults = new Faults();
  const result = DtoPlan.of(dto).read(input as Record<string, unknown>, '', faults);
  return { result, faults: faults.toError()?.details.map(({ message }) => message) ?? [] };
}

describe('DtoPlan', () => {
  it('reports in the order of declaration', () => {
    expect(read(Create, { more: 1 }).faults).toEqual([
      'Agent name is required',
      'kind is required',
      'more is not a known member',
    ]);
  });

  it.each([Update, UpdateStrictly])('lets members of a partial type be absent, and keeps their rules', (dto) => {
    expect(read(dto, {}).faults).toEqual([]);
    expect(read(dto, { note: null }).faults).toEqual([]);
    expect(read(dto, { agent_name: null }).faults).toEqual(['Agent name is required']);
    expect(read(dto, { kind: null }).faults).toEqual(['kind must not be null']);
    expect(read(dto, { kind: 'y' }).faults).toEqual(['kind must be one of: x']);
    expect(read(dto, { more: 1 }).faults).toEqual(['more is not a known member']);
  });

  it('follows picked and omitted members', () => {
    expect(read(WithoutKind, { agent_name: 'a', kind: 'x' }).faults).toEqual(['kind is not a known member']);
    expect(read(OnlyKind, { agent_name: 'a', kind: 'x' }).faults).toEqual(['agent_name is not a known member']);
  });

  it('follows inheritance, defaults included', () => {
    const { result, faults } = read(ListQuery, { agent_id: 'a' });
    expect(faults).toEqual([]);
    expect(result).toBeInstanceOf(ListQuery);
    expect(result).toMatchObject({ limit: 20, agent_id: 'a' });
    expect(read(ListQuery, { limit: '7', cursor: 'c' }).result).toMatchObject({ limit: 7, cursor: 'c' });
  });

  it('does not take inherited members of the input for given ones', () => {
    const input = Object.create({ agent_name: 'a', kind: 'x' }) as object;
    expect(read(Create, input).faults).toEqual(['Agent name is required', 'kind is required']);
  });

  it('works the plan out once', () => {
    expect(DtoPlan.of(Create)).toBe(DtoPlan.of(Create));
  });

  it('refuses a class with a rule of another kind', () => {
    class Foreign {
      @IsString()
      name!: string;
    }
    expect(() => DtoPlan.of(Foreign)).toThrow('Foreign.name has a rule that is not a field decorator');
  });

  it('refuses a member with two rules', () => {
    class Twice {
      @TextField({ description })
      @IdentifierField({ description })
      name!: string;
    }
    expect(() => DtoPlan.of(Twice)).toThrow('Twice.name has two field decorators');
  });

  it('takes a class without members', () => {
    class Nothing {}
    expect(read(Nothing, {}).faults).toEqual([]);
    expect(read(Nothing, { a: 1 }).faults).toEqual(['a is not a known member']);
  });
});
