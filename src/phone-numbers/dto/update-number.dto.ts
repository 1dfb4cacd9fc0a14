import { OmitType, PartialType } from '@nestjs/swagger';
import { RegisterNumberDto } from './register-number.dto';

/** What is named changes, `null` clears. */
export class UpdateNumberDto extends PartialType(OmitType(RegisterNumberDto, ['phone_number', 'provider'] as const)) {}
