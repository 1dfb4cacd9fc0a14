import type { ProviderName } from '../../src/common/provider-name';
import type { SeededRandom } from './seeded-random';

const BATCH = 5;

/** One request of a race. */
export interface Order {
  readonly kind: 'attach' | 'detach';
  readonly agentId: string;
  readonly provider: ProviderName;
  readonly numbers: readonly string[];
  readonly reassign: boolean;
}

/** What became of it. Times in Unix milliseconds, by the clock of the machine that all processes share. */
export interface Outcome extends Order {
  readonly status: number;
  readonly reason: string | null;
  /** What a 200 said of each number. */
  readonly attachedAt: ReadonlyMap<string, number | null>;
  readonly startedAt: number;
  readonly endedAt: number;
}

interface AnswerData {
  readonly reason?: string;
  readonly numbers?: readonly { readonly phone_number: string; readonly attached_at: string | null }[];
}

/** Who races for what. */
export interface Field {
  readonly agents: readonly string[];
  readonly provider: ProviderName;
  readonly numbers: readonly string[];
}

/** Batches of five that overlap, each in an order of its own. */
export function attachOrders(random: SeededRandom, count: number, { agents, provider, numbers }: Field): Order[] {
  return Array.from({ length: count }, () => ({
    kind: 'attach',
    agentId: random.pick(agents),
    provider,
    numbers: random.sample(numbers, BATCH),
    reassign: false,
  }));
}

/**
 * The same with reassign and detach among them. The batches come from a short list, and two agents want each, so that
 * one often holds the whole of it and can detach it.
 */
export function mixedOrders(random: SeededRandom, count: number, { agents, provider, numbers }: Field): Order[] {
  const batches = Array.from({ length: numbers.length / 4 }, () => ({
    rivals: random.sample(agents, 2),
    batch: random.sample(numbers, BATCH),
  }));
  return Array.from({ length: count }, () => {
    const { rivals, batch } = random.pick(batches);
    const order = { agentId: random.pick(rivals), provider, numbers: random.shuffled(batch) };
    const chance = random.next();
    if (chance < 0.4) return { ...order, kind: 'detach', reassign: false };
    return { ...order, kind: 'attach', reassign: chance < 0.8 };
  });
}

/** Sends all orders at once, spread over the servers. */
export function raceOrders(urls: readonly string[], token: string, orders: readonly Order[]): Promise<Outcome[]> {
  return Promise.all(orders.map((order, index) => sendOrder(urls[index % urls.length] ?? '', token, order)));
}

/** @throws what `fetch` throws when there is no answer */
export async function sendOrder(url: string, token: string, order: Order): Promise<Outcome> {
  const { kind, agentId, provider, numbers, reassign } = order;
  const attach = kind === 'attach' ? { provider, reassign } : {};
  const startedAt = Date.now();
  const response = await fetch(`${url}/api/agent/${kind}-phone-number`, {
    method: 'POST',
    headers: { token, 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: agentId, numbers, ...attach }),
  });
  const { data } = (await response.json()) as { data: AnswerData };
  return {
    ...order,
    status: response.status,
    reason: data.reason ?? null,
    attachedAt: new Map(
      data.numbers?.map(({ phone_number: e164, attached_at: at }) => [e164, at ? Date.parse(at) : null]),
    ),
    startedAt,
    endedAt: Date.now(),
  };
}
