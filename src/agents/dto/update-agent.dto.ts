import { PartialType } from '@nestjs/swagger';
import { E164ListField, EnumField } from '../../http/validation/fields';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { CreateAgentDto } from './create-agent.dto';

/** What is named changes, `null` clears; a name and a status cannot be cleared. */
export class UpdateAgentDto extends PartialType(CreateAgentDto) {
  @E164ListField({
    description: 'The whole set of numbers wanted: missing ones are detached, new ones attached',
    example: ['+918062810341'],
    max: 1_000,
    optional: true,
  })
  phone_numbers?: string[];

  @EnumField(PROVIDER_NAMES, {
    description: 'The provider of those of `phone_numbers` that the inventory does not have yet',
    example: 'san',
    optional: true,
  })
  provider?: ProviderName;
}
