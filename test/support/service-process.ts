import { agent } from 'supertest';
import type { Simulator } from '../../src/simulator/simulator';
import type { ApiClient } from './test-app';
import { TEST_SECRETS_KEY } from './test-config';
import { startProcess } from './test-process';

/** What processes of one installation share: database, key, address and simulated vendors. */
export function serviceEnv(databaseUrl: string, simulator: Simulator): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: TEST_SECRETS_KEY.toString('base64'),
    PUBLIC_URL: 'http://patchbay.example',
    ...providerUrls(simulator),
    ALLOW_PRIVATE_URLS: 'on',
    DEMO: 'off',
    MIGRATE: 'on',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
  };
}

/** `PROVIDER_<NAME>_URL` of every simulated vendor. */
export function providerUrls(simulator: Simulator): Record<string, string> {
  const urls = Object.entries(simulator.vendorUrls());
  return Object.fromEntries(urls.map(([name, url]) => [`PROVIDER_${name.toUpperCase()}_URL`, url]));
}

/** A token with every scope, made by the command line on a database that is migrated. */
export async function tokenFromCli(env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['token', 'create', '--account', 'test account', '--scopes', '*', '--json'];
  const cli = await startProcess({ env, script: 'dist/cli.js', args, waitUntilReady: false });
  const { code } = await cli.ended;
  if (code !== 0) throw new Error(`The command line ended with ${code}:\n${cli.stdout}${cli.stderr}`);
  return (JSON.parse(cli.stdout) as { token: string }).token;
}

/** Requests to a process, with a token. */
export function apiOf(url: string, token: string): ApiClient {
  return agent(url).set('token', token);
}
