import { E164ListField, EnumField, FlagField, IdentifierField } from '../../http/validation/fields';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';

export class AttachNumbersDto {
  @IdentifierField({
    description: 'The agent that is to answer the numbers',
    example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn',
    required: 'AGENT_ID_REQUIRED',
  })
  agent_id!: string;

  @EnumField(PROVIDER_NAMES, {
    description: 'The provider that the numbers are at',
    example: 'san',
    required: 'PROVIDER_REQUIRED',
  })
  provider!: ProviderName;

  @E164ListField({
    description: 'The numbers, in E.164 format; one given twice counts once',
    example: ['+918062810341'],
    max: 1_000,
    required: 'NUMBERS_REQUIRED',
  })
  numbers!: string[];

  @FlagField({
    description: 'Take numbers that are attached to another agent from it; `false` when not given',
    example: false,
    optional: true,
  })
  reassign?: boolean;
}
