import { encodeCursor } from '../common/cursor';
import { AppError } from '../common/errors/app-error';
import type { Call } from './call';
import { CALL_LIST, callKey, readCallCursor, readCallFilter } from './call-list';
import { CallQuery } from './dto/call-query.dto';

const CALL = 'call_01kawgyqr4e3v9m2t5x8b7c6dn';
const query = (members: Partial<CallQuery>) => Object.assign(new CallQuery(), members);

describe('readCallFilter', () => {
  it('takes a date for the whole of its day in UTC, and a time for itself', () => {
    // date -u -d 2026-11-24 +%s = 1795478400
    expect(readCallFilter(query({ from_date: '2026-11-24', to_date: '2026-11-24' }))).toMatchObject({
      from: 1_795_478_400_000,
      to: 1_795_564_800_000,
    });
    const times = { from_date: '2026-11-24T05:30:00+05:30', to_date: '2026-11-24T00:00:01Z' };
    expect(readCallFilter(query(times))).toMatchObject({ from: 1_795_478_400_000, to: 1_795_478_401_000 });
  });

  it('refuses days that no calendar has, naming each', () => {
    const read = () => readCallFilter(query({ from_date: '2026-13-01', to_date: '2026-11-24T25:00:00Z' }));
    expect(read).toThrow(AppError);
    expect(read).toThrow(
      expect.objectContaining({
        reason: 'VALIDATION_FAILED',
        details: [
          expect.objectContaining({ field: 'from_date' }),
          expect.objectContaining({ field: 'to_date' }),
        ] as unknown,
      }) as Error,
    );
  });

  it('reads the space that a raw + becomes in a query', () => {
    expect(readCallFilter(query({ phone_number: ' 919560088735' }))).toMatchObject({ farEnd: '+919560088735' });
  });
});

describe('readCallCursor', () => {
  it('reads what the list gives out', () => {
    const key = callKey({ startedAt: 1_764_000_000_000, callId: CALL } as Call);
    expect(readCallCursor(encodeCursor(CALL_LIST, key))).toEqual({ startedAt: 1_764_000_000_000, callId: CALL });
    expect(readCallCursor(undefined)).toBeUndefined();
  });

  it.each(['x', '1764000000000', `${CALL} 1`, `1e5 ${CALL}`, '1 call_1'])('refuses the key %j', (key) => {
    expect(() => readCallCursor(encodeCursor(CALL_LIST, key))).toThrow(AppError);
  });
});
