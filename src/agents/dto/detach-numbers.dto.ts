import { PickType } from '@nestjs/swagger';
import { AttachNumbersDto } from './attach-numbers.dto';

export class DetachNumbersDto extends PickType(AttachNumbersDto, ['agent_id', 'numbers'] as const) {}
