import type { AttachmentsService } from '../../src/attachments/attachments.service';
import { AppError } from '../../src/common/errors/app-error';
import type { Order, Outcome } from './attach-orders';

interface State {
  readonly phoneNumber: string;
  readonly attachedAt: number | null;
}

/**
 * Carries out all orders in one turn of the event loop, past HTTP: SQLite's driver waits for nothing, so that a
 * request which comes in by itself is done before the next is read, and only such calls meet inside the database.
 */
export function raceInOneTurn(
  service: AttachmentsService,
  accountId: string,
  orders: readonly Order[],
): Promise<Outcome[]> {
  return Promise.all(
    orders.map(async (order): Promise<Outcome> => {
      const startedAt = Date.now();
      const answer = await carryOut(service, accountId, order).catch(refusalOf);
      return { ...order, ...answer, startedAt, endedAt: Date.now() };
    }),
  );
}

type Answer = Pick<Outcome, 'status' | 'reason' | 'attachedAt'>;

async function carryOut(service: AttachmentsService, accountId: string, order: Order): Promise<Answer> {
  const command = { accountId, ...order, dryRun: false };
  const { numbers }: { numbers: readonly State[] } =
    order.kind === 'attach' ? await service.attach(command) : await service.detach(command);
  return {
    status: 200,
    reason: null,
    attachedAt: new Map(numbers.map(({ phoneNumber, attachedAt }) => [phoneNumber, attachedAt])),
  };
}

function refusalOf(error: unknown): Answer {
  const { status, reason } = error instanceof AppError ? error : { status: 500, reason: String(error) };
  return { status, reason, attachedAt: new Map() };
}
