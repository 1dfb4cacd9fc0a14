import { Module } from '@nestjs/common';
import { OutboxRepository } from './outbox.repository';

/** What agents are to be told, until they are. */
@Module({ providers: [OutboxRepository], exports: [OutboxRepository] })
export class OutboxModule {}
