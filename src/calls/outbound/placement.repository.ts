import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { affectedRows } from '../../database/sql';
import { cutText } from '../../providers/support/cut-text';

/** As the column holds it, in characters. */
const MAX_NAME = 128;

/** What becomes known of a call once its vendor has been asked to place it. Times in Unix milliseconds. */
@Injectable()
export class PlacementRepository {
  /** Keeps the vendor's name of the call, unless its own requests have told it already. */
  async name(manager: EntityManager, callId: string, providerCallId: string): Promise<void> {
    await affectedRows(
      manager,
      'UPDATE phone_call SET provider_call_id = ? WHERE call_id = ? AND provider_call_id IS NULL',
      [cutText(providerCallId, MAX_NAME), callId],
    );
  }

  /** Has a call that is under way looked after then. */
  async checkAt(manager: EntityManager, callId: string, at: number): Promise<void> {
    await affectedRows(manager, 'UPDATE phone_call SET check_at = ? WHERE call_id = ? AND ended_at IS NULL', [
      at,
      callId,
    ]);
  }

  /** Notes that somebody wants the call to be ended. */
  async askForHangup(manager: EntityManager, callId: string, at: number): Promise<void> {
    await affectedRows(manager, 'UPDATE phone_call SET hangup_at = ? WHERE call_id = ? AND ended_at IS NULL', [
      at,
      callId,
    ]);
  }
}
