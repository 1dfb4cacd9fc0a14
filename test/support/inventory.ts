import { expectSuccess } from './envelope';
import type { ApiClient } from './test-app';

export interface ListedNumber extends Record<string, unknown> {
  readonly phone_number: string;
  readonly provider: string;
  readonly status: string;
  readonly reason: string | null;
  readonly agent_id: string | null;
  readonly attached_at: string | null;
}

/** Every number of the caller's account, as the API lists them. */
export async function inventoryOf(api: ApiClient): Promise<ListedNumber[]> {
  const numbers: ListedNumber[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = expectSuccess(
      await api.get('/api/phone-number').query({ limit: 100, ...(cursor && { cursor }) }),
      200,
    );
    numbers.push(...(page.items as ListedNumber[]));
    cursor = page.next_cursor as string | null;
  }
  return numbers;
}

/** One number, as the API shows it. */
export async function numberOf(api: ApiClient, phoneNumber: string): Promise<ListedNumber> {
  return expectSuccess(await api.get(`/api/phone-number/${phoneNumber}`), 200) as ListedNumber;
}
