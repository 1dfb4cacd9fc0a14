import { validateSync } from 'class-validator';
import { TelnyxCredentials } from './telnyx.credentials';
import { API_KEY, PUBLIC_KEY } from './telnyx.fixture';

const faults = (given: Partial<TelnyxCredentials>) =>
  validateSync(Object.assign(new TelnyxCredentials(), given)).map(({ property }) => property);

describe('TelnyxCredentials', () => {
  it('takes a key and a public key, and a country', () => {
    expect(faults({ api_key: API_KEY, public_key: PUBLIC_KEY })).toEqual([]);
    expect(faults({ api_key: API_KEY, public_key: PUBLIC_KEY, country: 'US' })).toEqual([]);
  });

  it.each([
    ['', 'api_key'],
    ['KEY 1', 'api_key'],
    ['KEY\r\nX-Evil: 1', 'api_key'],
  ])('refuses the key %j', (api_key, property) => {
    expect(faults({ api_key, public_key: PUBLIC_KEY })).toEqual([property]);
  });

  it.each(['', PUBLIC_KEY.slice(0, -1), `AAAA${PUBLIC_KEY}`, 'e2e2e2', PUBLIC_KEY.replace('/', '-')])(
    'refuses the public key %j, which is not 32 bytes in base64',
    (public_key) => expect(faults({ api_key: API_KEY, public_key })).toEqual(['public_key']),
  );
});
