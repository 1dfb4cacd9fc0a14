import { E164Field, EnumField, IntegerField, TextField } from '../../http/validation/fields';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { MAX_CONCURRENT_CALLS, MAX_LABEL_LENGTH } from '../limits';
import { PURPOSES, type Purpose } from '../phone-number';

/** A number that the account has at a provider, entered by hand. */
export class RegisterNumberDto {
  @E164Field({
    description: 'The number in E.164 format',
    example: '+918062810341',
    required: 'PHONE_NUMBER_REQUIRED',
  })
  phone_number!: string;

  @EnumField(PROVIDER_NAMES, {
    description: 'The provider that the number is at; it need not be configured yet',
    example: 'san',
    required: 'PROVIDER_REQUIRED',
  })
  provider!: ProviderName;

  @EnumField(PURPOSES, {
    description: 'Keeps the number from agents of the opposite purpose; `null` goes with both',
    example: 'PRODUCTION',
    optional: true,
    nullable: true,
  })
  purpose?: Purpose | null;

  @TextField({
    description: 'A name for people',
    example: 'Support line Mumbai',
    max: MAX_LABEL_LENGTH,
    optional: true,
    nullable: true,
  })
  label?: string | null;

  @IntegerField({
    description: 'Calls that may be under way at once; `null` = no limit',
    example: 10,
    min: 1,
    max: MAX_CONCURRENT_CALLS,
    optional: true,
    nullable: true,
  })
  max_concurrent_calls?: number | null;
}
