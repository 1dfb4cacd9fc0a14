import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { ConnectionDrain } from '../http/server/connection-drain';

/** How long the database may take to answer, in milliseconds. */
export const PROBE_LIMIT_MS = 2_000;

@Injectable()
export class ReadinessService {
  constructor(
    private readonly database: Database,
    private readonly drain: ConnectionDrain,
  ) {}

  /** Whether requests can be served: the database answers in time and the process is not shutting down. */
  async isReady(): Promise<boolean> {
    if (this.drain.isClosing) return false;
    return await withinLimit(this.database.ping());
  }
}

function withinLimit(probe: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve(false), PROBE_LIMIT_MS);
    const settle = (isReady: boolean) => {
      clearTimeout(limit);
      resolve(isReady);
    };
    probe.then(
      () => settle(true),
      () => settle(false),
    );
  });
}
