import type { Simulator } from '../../src/simulator/simulator';
import { expectSuccess } from './envelope';
import type { ApiClient } from './test-app';

/** A simulated Twilio account with numbers of its own. */
export interface TwilioInventory {
  readonly credentials: { readonly account_sid: string; readonly auth_token: string };
  /** In E.164 order, which is the order of its list. */
  readonly numbers: readonly string[];
}

/** Numbers are handed out from here on, so that no two accounts of one simulator hold the same. */
const FIRST = 12_020_000_000;

let accounts = 0;
let numbers = 0;

/** Makes an account that holds `count` numbers. */
export async function newTwilioInventory(simulator: Simulator, count: number): Promise<TwilioInventory> {
  const sid = `AC${String(++accounts).padStart(32, '0')}`;
  const first = FIRST + numbers;
  numbers += count;
  const account = { sid, auth_token: 'fedcba9876543210'.repeat(2) };
  const generate = count === 0 ? undefined : { count, first: `+${first}` };
  await simulator.seed({ twilio: { accounts: [{ ...account, generate }] } });
  return {
    credentials: { account_sid: sid, auth_token: account.auth_token },
    numbers: Array.from({ length: count }, (_, index) => `+${first + index}`),
  };
}

/** Has the account get one more number. */
export async function buyNumber(simulator: Simulator, { credentials }: TwilioInventory, number: string): Promise<void> {
  const account = { sid: credentials.account_sid, auth_token: credentials.auth_token, numbers: [number] };
  await simulator.seed({ twilio: { accounts: [account] } });
}

/** Tells the service to use that account from now on. */
export async function useTwilio(api: ApiClient, { credentials }: TwilioInventory): Promise<void> {
  expectSuccess(await api.put('/api/provider/twilio').send({ credentials }), 200);
}
