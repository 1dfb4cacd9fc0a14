import { ApiProperty } from '@nestjs/swagger';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { CALL_STATUSES, type CallStatus } from '../../providers/contract/call';
import { type Call, CALL_DIRECTIONS, type CallDirection, type CallMetadata } from '../call';
import { type CallView, callView } from '../call-view';

const TIME = { type: 'string', format: 'date-time', example: '2026-11-24T08:00:00.000Z' } as const;
const MAYBE_TIME = { ...TIME, nullable: true } as const;
const MAYBE_TEXT = { type: 'string', nullable: true } as const;

/** A call of one of the account's numbers. */
export class CallDto implements CallView {
  @ApiProperty({ type: 'string', description: 'Names the call', example: 'call_01kawgyqr4e3v9m2t5x8b7c6dn' })
  call_id!: string;

  @ApiProperty({ type: 'string', enum: CALL_DIRECTIONS, description: 'Whether it came in or went out' })
  direction!: CallDirection;

  @ApiProperty({ type: 'string', enum: CALL_STATUSES, description: 'How far it is; the last five are ends' })
  call_status!: CallStatus;

  @ApiProperty({ ...MAYBE_TEXT, description: 'The agent that takes part' })
  agent_id!: string | null;

  @ApiProperty({ ...MAYBE_TEXT, description: 'The far end; `null` where withheld', example: '+919560088735' })
  phone_number!: string | null;

  @ApiProperty({ ...MAYBE_TEXT, description: 'Who calls', example: '+919560088735' })
  from!: string | null;

  @ApiProperty({ ...MAYBE_TEXT, description: 'Who is called', example: '+918062810341' })
  to!: string | null;

  @ApiProperty({ type: 'string', enum: PROVIDER_NAMES, description: 'The provider that carries it' })
  provider!: ProviderName;

  @ApiProperty({ ...MAYBE_TEXT, description: "The provider's own name of the call" })
  provider_call_id!: string | null;

  @ApiProperty({ ...TIME, description: 'When it came in, or was placed' })
  started_at!: string;

  @ApiProperty({ ...MAYBE_TIME, description: 'When it was answered' })
  answered_at!: string | null;

  @ApiProperty({ ...MAYBE_TIME, description: 'When it ended' })
  ended_at!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Seconds of conversation; `null` before the end',
    example: 42,
  })
  duration_s!: number | null;

  @ApiProperty({ ...MAYBE_TEXT, description: "Why it ended, in a word of ours or the provider's" })
  end_reason!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description: 'As given to make-call' })
  metadata!: CallMetadata | null;

  static from(call: Call): CallDto {
    return Object.assign(new CallDto(), callView(call));
  }
}
