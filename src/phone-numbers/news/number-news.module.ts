import { Module } from '@nestjs/common';
import { OutboxModule } from '../../outbox/outbox.module';
import { AgentInterestRepository } from './agent-interest.repository';
import { NumberNews } from './number-news';

/** What agents' webhooks are told of numbers. */
@Module({ imports: [OutboxModule], providers: [AgentInterestRepository, NumberNews], exports: [NumberNews] })
export class NumberNewsModule {}
