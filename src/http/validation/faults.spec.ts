import { Faults, MAX_DETAILS } from './faults';

describe('Faults', () => {
  it('is no error without a fault', () => {
    expect(new Faults().toError()).toBeUndefined();
  });

  it('ranks the classes, whatever came first, and lists each in its order', () => {
    const faults = new Faults();
    faults.notE164('numbers[0]', '1');
    faults.invalid('numbers[1]', 'must be a string', 7);
    faults.required('PROVIDER_REQUIRED', 'provider');
    faults.required('NUMBERS_REQUIRED', 'numbers');
    const error = faults.toError();
    expect(error).toMatchObject({ reason: 'PROVIDER_REQUIRED', status: 400, message: 'Provider is required' });
    expect(error?.details.map(({ field }) => field)).toEqual(['provider', 'numbers', 'numbers[1]', 'numbers[0]']);
  });

  it('puts malformed members before numbers', () => {
    const faults = new Faults();
    faults.notE164('numbers[0]', '1');
    faults.invalid('x', 'is bad');
    expect(faults.toError()).toMatchObject({ reason: 'VALIDATION_FAILED', status: 422 });
  });

  it('counts one malformation of a field', () => {
    const faults = new Faults();
    faults.invalid('a', 'must be given once');
    faults.invalid('a', 'must be a string');
    expect(faults.toError()?.details.map(({ message }) => message)).toEqual(['a must be given once']);
  });

  it('lists at most 1,000, those of the deciding class first', () => {
    const faults = new Faults();
    for (let index = 0; index < 1_500; index++) faults.notE164(`n[${index}]`, 'x');
    for (let index = 0; index < 1_500; index++) faults.invalid(`m${index}`, 'is bad');
    faults.required('AGENT_ID_REQUIRED', 'agent_id');
    const details = faults.toError()?.details ?? [];
    expect(details).toHaveLength(MAX_DETAILS);
    expect(details[0]?.field).toBe('agent_id');
    expect(details[1]?.field).toBe('m0');
    expect(details[999]?.field).toBe('m998');
  });

  it('repeats no more than 100 characters of a name', () => {
    const faults = new Faults();
    faults.invalid('x'.repeat(50_000), 'is not a known member');
    expect(faults.toError()?.details[0]).toEqual({
      field: `${'x'.repeat(100)}…`,
      message: `${'x'.repeat(100)}… is not a known member`,
      value: undefined,
    });
  });
});
