import type { ProviderName } from '../../src/common/provider-name';
import { configureProvider } from '../factories/provider.factory';
import { expectSuccess } from './envelope';
import type { ApiClient, TestApp } from './test-app';

let made = 0;

/** A fresh account that is configured at these providers. */
export async function newAccount(app: TestApp, ...providers: ProviderName[]): Promise<ApiClient> {
  made += 1;
  const { token } = await app.createToken({ account: `account ${made}` });
  const api = app.api(token);
  for (const provider of providers) await configureProvider(api, provider);
  return api;
}

/** Where the provider is to reach the account. */
export async function inboundUrlOf(api: ApiClient, provider: ProviderName): Promise<string> {
  return expectSuccess(await api.get(`/api/provider/${provider}`), 200).inbound_url as string;
}
