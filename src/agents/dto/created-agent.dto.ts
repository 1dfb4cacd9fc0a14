import { ApiProperty } from '@nestjs/swagger';
import type { Agent } from '../agent';
import { AgentDto } from './agent.dto';
import { EXAMPLE_WEBHOOK_SECRET } from './agent.examples';

/** An agent just made, with what is shown this once. */
export class CreatedAgentDto extends AgentDto {
  @ApiProperty({
    type: 'string',
    description: 'Signs its webhooks (https://www.standardwebhooks.com); shown this once, and made anew by rotation',
    example: EXAMPLE_WEBHOOK_SECRET,
  })
  webhook_secret!: string;

  static made(agent: Agent, webhookSecret: string): CreatedAgentDto {
    return Object.assign(new CreatedAgentDto(), AgentDto.from(agent), { webhook_secret: webhookSecret });
  }
}
