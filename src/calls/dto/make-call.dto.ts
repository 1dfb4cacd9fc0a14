import type { CrossChecked } from '../../http/validation/cross-checked';
import type { Faults } from '../../http/validation/faults';
import { E164Field, IdentifierField, JsonObjectField } from '../../http/validation/fields';
import type { CallMetadata } from '../call';

const MAX_METADATA_BYTES = 16 * 1_024;

/** A call to be placed. */
export class MakeCallDto implements CrossChecked {
  @IdentifierField({
    description: 'The agent that is to speak',
    example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn',
    required: 'AGENT_ID_REQUIRED',
  })
  agent_id!: string;

  @E164Field({
    description: 'Who is called, in E.164 format',
    example: '+919560088735',
    required: 'PHONE_NUMBER_REQUIRED',
  })
  phone_number!: string;

  @E164Field({
    description:
      "One of the agent's numbers; when not given, among its active ones with a free slot one in the callee's country, " +
      'with the fewest calls under way, used longest ago',
    example: '+918062810341',
    optional: true,
  })
  from?: string;

  @JsonObjectField({
    description: 'Kept with the call and told with its events; at most 16 KiB of JSON',
    example: { order: 'A-1001' },
    optional: true,
  })
  metadata?: CallMetadata;

  crossCheck(prefix: string, faults: Faults): void {
    const bytes = this.metadata === undefined ? 0 : Buffer.byteLength(JSON.stringify(this.metadata));
    if (bytes <= MAX_METADATA_BYTES) return;
    faults.invalid(`${prefix}metadata`, `may hold ${MAX_METADATA_BYTES} bytes of JSON, not ${bytes}`);
  }
}
