import { Module } from '@nestjs/common';
import { ConnectionDrain } from './connection-drain';

@Module({ providers: [ConnectionDrain], exports: [ConnectionDrain] })
export class ServerModule {}
