import { ApiProperty, type SchemaObject } from '@nestjs/swagger';
import { ERROR_CATALOG, type ErrorReason } from '../../common/errors/error-catalog';

class ErrorDetailDto {
  @ApiProperty({ type: 'string', description: 'The request member at fault', example: 'numbers[3]' })
  field!: string;

  @ApiProperty({ type: 'string', description: 'What is wrong with it', example: 'numbers[3] must be a string' })
  message!: string;

  @ApiProperty({
    description: 'The refused value, cut at 100 characters; an object or an array as its JSON',
    required: false,
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }] as SchemaObject[],
  })
  value?: unknown;
}

class ErrorDataDto {
  @ApiProperty({ type: 'string', description: 'The kind of error, for programs', enum: Object.keys(ERROR_CATALOG) })
  reason!: ErrorReason;

  @ApiProperty({ type: 'string', description: 'Names this request in the logs', maxLength: 128 })
  request_id!: string;

  @ApiProperty({ type: [ErrorDetailDto], description: 'Every fault found; may be empty' })
  details!: ErrorDetailDto[];
}

/** The envelope of every error. */
export class ErrorEnvelopeDto {
  @ApiProperty({ type: 'boolean', enum: [true], description: 'Whether the request failed' })
  error!: true;

  @ApiProperty({ type: 'integer', description: 'Equals the HTTP status' })
  code!: number;

  @ApiProperty({ type: 'string', description: 'For people' })
  message!: string;

  @ApiProperty({ type: 'integer', format: 'int64', description: 'Unix time in milliseconds', example: 1764000000000 })
  timestamp!: number;

  @ApiProperty({ type: ErrorDataDto, description: 'What went wrong' })
  data!: ErrorDataDto;
}
