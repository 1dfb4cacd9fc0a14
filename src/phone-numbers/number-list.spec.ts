import { AppError } from '../common/errors/app-error';
import { encodeCursor } from '../common/cursor';
import { readNumberCursor, readNumberFilter } from './number-list';

const AGENT = 'agent_01kawgyqr4e3v9m2t5x8b7c6dn';

function fieldsAtFault(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError && error.reason === 'VALIDATION_FAILED')
      return error.details.map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('readNumberFilter', () => {
  it('hands on what is given', () => {
    const query = {
      limit: 20,
      provider: 'san',
      status: 'active',
      purpose: 'TEST',
      agent_id: AGENT,
      available: false,
      country: 'in',
      search: '91',
    } as const;
    expect(readNumberFilter(query)).toEqual({
      provider: 'san',
      status: 'active',
      purpose: 'TEST',
      agentId: AGENT,
      available: false,
      country: 'IN',
      prefix: '+91',
    });
  });

  it.each(['9180', '+9180', ' 9180'])('takes %j for the digits that a number begins with', (search) => {
    expect(readNumberFilter({ limit: 20, search })?.prefix).toBe('+9180');
  });

  it('finds nothing for what cannot be an agent id', () => {
    expect(readNumberFilter({ limit: 20, agent_id: 'nobody' })).toBeNull();
  });
});

describe('readNumberCursor', () => {
  it('starts after the number in the cursor', () => {
    expect(readNumberCursor(undefined)).toBeUndefined();
    expect(readNumberCursor(encodeCursor('phone-number', '+918062810341'))).toBe('+918062810341');
  });

  it.each([
    encodeCursor('agent', '+918062810341'),
    encodeCursor('phone-number', 'é'),
    encodeCursor('phone-number', '918062810341'),
    'nonsense',
  ])('refuses %j', (cursor) => {
    expect(fieldsAtFault(() => readNumberCursor(cursor))).toEqual(['cursor']);
  });
});
