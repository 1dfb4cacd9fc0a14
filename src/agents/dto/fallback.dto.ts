import type { CrossChecked } from '../../http/validation/cross-checked';
import type { Faults } from '../../http/validation/faults';
import { EnumField, TextField } from '../../http/validation/fields';
import { FALLBACK_TYPES, type AgentFallback } from '../agent';
import { checkFallback } from '../agent-rules';
import { MAX_FALLBACK_TEXT_LENGTH, MAX_URL_LENGTH } from '../limits';

/** Where a call goes that the agent cannot take. */
export class FallbackDto implements CrossChecked {
  @EnumField(FALLBACK_TYPES, {
    description: '`phone_number` and `sip` forward the call to `to`, `message` says `text` and hangs up',
    example: 'phone_number',
  })
  type!: AgentFallback['type'];

  @TextField({
    description: 'With `phone_number` an E.164 number, with `sip` a `sip:` or `sips:` URI',
    example: '+12025551234',
    min: 1,
    max: MAX_URL_LENGTH,
    optional: true,
  })
  to?: string;

  @TextField({
    description: 'With `message`: what the caller hears',
    min: 1,
    max: MAX_FALLBACK_TEXT_LENGTH,
    optional: true,
  })
  text?: string;

  crossCheck(prefix: string, faults: Faults): void {
    const members = ['type', 'to', 'text'].map((member) => prefix + member);
    if (!members.some((member) => faults.isMalformed(member))) checkFallback(this, faults);
  }
}
