import type { ProviderName } from '../../src/providers/provider-name';
import { DEMO_SAN, DEMO_TWILIO } from '../../src/simulator/demo-seed';
import { expectSuccess } from '../support/envelope';
import type { ApiClient } from '../support/test-app';

/** Credentials of the accounts that the simulator is seeded with. */
export const SIMULATOR_CREDENTIALS = {
  twilio: { account_sid: DEMO_TWILIO.sid, auth_token: DEMO_TWILIO.auth_token },
  san: {
    // A name that can never be reached, should the simulator's address not replace it.
    base_url: 'https://san.example/pbxadmin/sanpbxapi',
    access_token: DEMO_SAN.access_token,
    access_key: DEMO_SAN.access_key,
    app_id: String(DEMO_SAN.app_id),
  },
} as const satisfies Partial<Record<ProviderName, Record<string, string>>>;

export type SimulatedProvider = keyof typeof SIMULATOR_CREDENTIALS;

/** Configures the account at a simulated provider and proves it; `overrides` replaces single credentials. */
export async function configureProvider(
  api: ApiClient,
  provider: SimulatedProvider,
  overrides: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const credentials = { ...SIMULATOR_CREDENTIALS[provider], ...overrides };
  return expectSuccess(await api.put(`/api/provider/${provider}`).send({ credentials }), 200);
}
