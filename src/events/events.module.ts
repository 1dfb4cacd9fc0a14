import { Module } from '@nestjs/common';
import { EventsRepository } from './events.repository';

/** What has changed, for those who ask later. */
@Module({ providers: [EventsRepository], exports: [EventsRepository] })
export class EventsModule {}
