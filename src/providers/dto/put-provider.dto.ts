import { JsonObjectField } from '../../http/validation/fields';

export class PutProviderDto {
  @JsonObjectField({
    description:
      "The provider's credentials, whole: what is left out is not kept from before. Which members there are `GET /api/provider/{provider}` says in `credential_fields`",
    example: { account_sid: 'AC0123456789abcdef0123456789abcdef', auth_token: 'fedcba9876543210fedcba9876543210' },
    required: 'CREDENTIALS_REQUIRED',
    secret: true,
  })
  credentials!: Record<string, unknown>;
}
