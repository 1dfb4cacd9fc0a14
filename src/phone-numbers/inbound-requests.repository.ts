import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../common/ids';
import { affectedRows, selectRows } from '../database/sql';

/** How many requests of one number are kept. */
const KEPT = 10;
/** Of the numbers that `add` writes for, one in so many is cleared of older requests: a number has about so many more at most. */
const PRUNED_ONE_IN = 32;

export interface InboundRequestRecord {
  readonly accountId: string;
  readonly e164: string;
  /** What became of it, as a lower_snake word of at most 32 characters. */
  readonly verdict: string;
  /** When it came in, Unix milliseconds. */
  readonly at: number;
}

/** The last requests of providers for each number. */
@Injectable()
export class InboundRequestsRepository {
  /** Adds a request and forgets all but the newest ten of its number. */
  async record(manager: EntityManager, request: InboundRequestRecord): Promise<void> {
    await this.insert(manager, [request]);
    await this.prune(manager, request);
  }

  /** Adds requests of many numbers, and forgets older ones now and then. */
  async add(manager: EntityManager, requests: readonly InboundRequestRecord[]): Promise<void> {
    if (requests.length === 0) return;
    await this.insert(manager, requests);
    for (const request of requests) if (Math.random() * PRUNED_ONE_IN < 1) await this.prune(manager, request);
  }

  private async insert(manager: EntityManager, requests: readonly InboundRequestRecord[]): Promise<void> {
    await affectedRows(
      manager,
      `INSERT INTO inbound_request (inbound_request_id, account_id, e164, received_at, verdict)
       VALUES ${requests.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
      requests.flatMap(({ accountId, e164, verdict, at }) => [newId('inboundRequest'), accountId, e164, at, verdict]),
    );
  }

  private async prune(
    manager: EntityManager,
    { accountId, e164 }: Pick<InboundRequestRecord, 'accountId' | 'e164'>,
  ): Promise<void> {
    // The derived table, because MySQL does not let a DELETE read its own table otherwise (ER_UPDATE_TABLE_USED).
    await affectedRows(
      manager,
      `DELETE FROM inbound_request WHERE account_id = ? AND e164 = ? AND inbound_request_id < (
         SELECT oldest_kept FROM (
           SELECT inbound_request_id AS oldest_kept FROM inbound_request WHERE account_id = ? AND e164 = ?
           ORDER BY inbound_request_id DESC LIMIT 1 OFFSET ${KEPT - 1}
         ) AS newest
       )`,
      [accountId, e164, accountId, e164],
    );
  }

  /** The kept requests of a number, newest first. */
  async recent(
    manager: EntityManager,
    accountId: string,
    e164: string,
  ): Promise<Pick<InboundRequestRecord, 'at' | 'verdict'>[]> {
    return selectRows(
      manager,
      `SELECT received_at AS at, verdict FROM inbound_request WHERE account_id = ? AND e164 = ?
       ORDER BY inbound_request_id DESC LIMIT ${KEPT}`,
      [accountId, e164],
    );
  }

  /** Forgets a number that leaves the inventory. */
  async deleteOf(manager: EntityManager, accountId: string, e164: string): Promise<void> {
    await affectedRows(manager, 'DELETE FROM inbound_request WHERE account_id = ? AND e164 = ?', [accountId, e164]);
  }
}
