import { Injectable } from '@nestjs/common';
import { AttachmentsService } from '../attachments/attachments.service';
import { readAgentId } from './agent-id';
import type { AttachNumbersDto } from './dto/attach-numbers.dto';
import { AttachmentDto } from './dto/attachment.dto';
import type { DetachNumbersDto } from './dto/detach-numbers.dto';
import { DetachmentDto } from './dto/detachment.dto';

/** Attach and detach as clients see them. */
@Injectable()
export class AgentNumbersService {
  constructor(private readonly attachments: AttachmentsService) {}

  /** @throws AppError for every row of the documented table of attach; nothing is changed then */
  async attach(accountId: string, dto: AttachNumbersDto, dryRun: boolean): Promise<AttachmentDto> {
    const { provider, numbers, reassign = false } = dto;
    const agentId = readAgentId(dto.agent_id);
    const result = await this.attachments.attach({ accountId, agentId, provider, numbers, reassign, dryRun });
    return AttachmentDto.from(result, dryRun);
  }

  /** @throws AppError `AGENT_NOT_FOUND`, `NUMBER_NOT_ATTACHED`; nothing is changed then */
  async detach(accountId: string, dto: DetachNumbersDto, dryRun: boolean): Promise<DetachmentDto> {
    const agentId = readAgentId(dto.agent_id);
    const result = await this.attachments.detach({ accountId, agentId, numbers: dto.numbers, dryRun });
    return DetachmentDto.from(result, dryRun);
  }
}
