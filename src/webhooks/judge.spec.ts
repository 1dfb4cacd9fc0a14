import { judge } from './judge';
import { RetrySchedule } from './retry-schedule';
import type { WebhookReply } from './webhook-reply';

const NOW = 1_764_000_000_000;
const schedule = new RetrySchedule(5_000, () => 0);

function answered(statusCode: number, retryAfterMs?: number): WebhookReply {
  return { kind: 'answered', statusCode, latencyMs: 1, response: '', isWhole: true, retryAfterMs };
}
const timedOut: WebhookReply = { kind: 'failed', error: 'timeout', latencyMs: 10_000 };

describe('judge', () => {
  it.each([200, 201, 202, 204, 299])('takes %d for delivered', (status) => {
    expect(judge(answered(status), 1, schedule, NOW)).toEqual({ kind: 'delivered' });
  });

  it.each([100, 301, 307, 400, 401, 404, 409, 422, 429, 500, 503])('takes %d for a failure', (status) => {
    expect(judge(answered(status), 1, schedule, NOW)).toEqual({ kind: 'retry', dueAt: NOW + 5_000 });
  });

  it('tries again after no answer, until the tenth time', () => {
    expect(judge(timedOut, 9, schedule, NOW)).toEqual({ kind: 'retry', dueAt: NOW + 43_200_000 });
    expect(judge(timedOut, 10, schedule, NOW)).toEqual({ kind: 'dead', reason: 'retries_exhausted' });
  });

  it('gives up at once after 410', () => {
    expect(judge(answered(410), 1, schedule, NOW)).toEqual({ kind: 'dead', reason: 'endpoint_disabled' });
  });

  it('heeds Retry-After of a failure', () => {
    expect(judge(answered(503, 60_000), 1, schedule, NOW)).toEqual({ kind: 'retry', dueAt: NOW + 60_000 });
    expect(judge(answered(200, 60_000), 1, schedule, NOW)).toEqual({ kind: 'delivered' });
  });
});
