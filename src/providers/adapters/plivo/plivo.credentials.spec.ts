import { validateSync } from 'class-validator';
import { PLIVO_CREDENTIAL_FIELDS, PlivoCredentials } from './plivo.credentials';

const FULL = { auth_id: 'MA2025RK4E639VJFZAGV', auth_token: 'ZmFrZS10b2tlbi1vZi1wbGl2bw', country: 'US' };
const faults = (values: object) =>
  validateSync(Object.assign(new PlivoCredentials(), values)).map((one) => one.property);

describe('PlivoCredentials', () => {
  it('takes those of a main account and of a subaccount', () => {
    expect(faults(FULL)).toEqual([]);
    expect(faults({ ...FULL, auth_id: 'SA2025RK4E639VJFZAGV', country: undefined })).toEqual([]);
  });

  it.each([
    [{ ...FULL, auth_id: 'AC2025' }, 'auth_id'],
    [{ ...FULL, auth_id: 'MA2025/../x' }, 'auth_id'],
    [{ ...FULL, auth_id: undefined }, 'auth_id'],
    [{ ...FULL, auth_token: 'a b' }, 'auth_token'],
    [{ ...FULL, auth_token: '' }, 'auth_token'],
    [{ ...FULL, country: 'us' }, 'country'],
  ])('refuses %j', (values, property) => expect(faults(values)).toEqual([property]));

  it('shows neither the account nor its token', () => {
    const secrets = PLIVO_CREDENTIAL_FIELDS.filter(({ secret }) => secret).map(({ name }) => name);
    expect(secrets).toEqual(['auth_id', 'auth_token']);
  });
});
