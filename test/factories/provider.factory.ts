import type { ProviderName } from '../../src/common/provider-name';
import { demoAccount } from '../../src/simulator/demo-seed';
import { DEMO_TWILIO } from '../../src/simulator/twilio/twilio.demo';
import { expectSuccess } from '../support/envelope';
import type { ApiClient } from '../support/test-app';

/** Credentials of the two accounts that most tests use, member by member. */
export const SIMULATOR_CREDENTIALS = {
  twilio: { account_sid: DEMO_TWILIO.sid, auth_token: DEMO_TWILIO.auth_token },
  san: demoAccount('san').credentials,
} as const;

/** Configures the demo's account at a simulated provider and proves it; `overrides` replaces single credentials. */
export async function configureProvider(
  api: ApiClient,
  provider: ProviderName,
  overrides: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const credentials = { ...demoAccount(provider).credentials, ...overrides };
  return expectSuccess(await api.put(`/api/provider/${provider}`).send({ credentials }), 200);
}
