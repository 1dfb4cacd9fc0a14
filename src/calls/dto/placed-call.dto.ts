import { PickType } from '@nestjs/swagger';
import { CallDto } from './call.dto';

/** A call that has been placed. */
export class PlacedCallDto extends PickType(CallDto, [
  'call_id',
  'call_status',
  'agent_id',
  'phone_number',
  'from',
  'provider',
] as const) {}
