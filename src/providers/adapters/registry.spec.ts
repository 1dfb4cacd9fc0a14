import { validateSync } from 'class-validator';
import type { AnyProviderAdapter } from '../contract/provider-adapter';
import { ADAPTERS } from './registry';

describe.each(Object.entries<AnyProviderAdapter>(ADAPTERS))('the adapter of %s', (name, adapter) => {
  it('goes by its name in the API', () => expect(adapter.name).toBe(name));

  it('takes a country', () => {
    expect(adapter.credentialFields.find((field) => field.name === 'country')).toMatchObject({
      required: false,
      secret: false,
    });
  });

  it('requires of its credentials class what its fields say', () => {
    const missing = validateSync(new adapter.credentials()).map(({ property }) => property);
    const required = adapter.credentialFields.filter((field) => field.required).map((field) => field.name);
    expect(missing).toEqual(required);
  });

  it('looks up and lists wherever it routes', () => {
    const { route, list, lookup } = adapter.capabilities;
    expect(!route || (list && lookup)).toBe(true);
  });
});
