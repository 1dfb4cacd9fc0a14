import { IntegerField } from '../../http/validation/fields';

/** A day. */
export const DEFAULT_OVERLAP_S = 86_400;
/** A week. */
const LONGEST_OVERLAP_S = 604_800;

export class RotateWebhookSecretDto {
  @IntegerField({
    description: `How long the secret before goes on signing, in seconds; ${DEFAULT_OVERLAP_S} when not given`,
    example: DEFAULT_OVERLAP_S,
    min: 0,
    max: LONGEST_OVERLAP_S,
    optional: true,
  })
  overlap_s: number = DEFAULT_OVERLAP_S;
}
