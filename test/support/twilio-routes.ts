import { DEMO_TWILIO } from '../../src/simulator/twilio/twilio.demo';
import type { Simulator } from '../../src/simulator/simulator';
import type { SimulatorSeed } from '../../src/simulator/vendors';
import { expectSuccess } from './envelope';
import { inventoryOf } from './inventory';
import type { ApiClient } from './test-app';
import { callTarget, routeAtTwilio } from './twilio-side';

type TwilioRoute = ReturnType<typeof routeAtTwilio>;

interface RoutePage {
  readonly generation: number;
  readonly confirmed_generation: number;
}

/** Twilio owns the numbers, and their calls go to a URL, a trunk, an application and nowhere in turn. */
export function twilioSeed(numbers: readonly string[]): SimulatorSeed {
  const hex = '0123456789abcdef'.repeat(2);
  const routes = [
    {
      voice_url: 'https://former.example.com/voice',
      voice_method: 'GET',
      status_callback: 'https://former.example.com/s',
    },
    { trunk_sid: `TK${hex}` },
    { voice_application_sid: `AP${hex}` },
    {},
  ];
  const owned = numbers.map((number, index) => ({ phone_number: number, ...routes[index % routes.length] }));
  return { twilio: { accounts: [{ ...DEMO_TWILIO, numbers: owned }] } };
}

export function routesAtTwilio(simulator: Simulator, numbers: readonly string[]): Map<string, TwilioRoute> {
  return new Map(numbers.map((number) => [number, routeAtTwilio(simulator, number)]));
}

/**
 * Checks that all is settled: calls to attached numbers come to us, all others go where they went before (`former`),
 * and nothing is left to be told.
 */
export async function expectSettled(
  api: ApiClient,
  simulator: Simulator,
  former: ReadonlyMap<string, TwilioRoute>,
): Promise<void> {
  const inboundUrl = expectSuccess(await api.get('/api/provider/twilio'), 200).inbound_url as string;
  const listed = (await inventoryOf(api)).filter(({ provider }) => provider === 'twilio');
  const faults: string[] = [];
  for (const { phone_number: number, agent_id: agentId, status } of listed) {
    const target = callTarget(simulator, number);
    const isOurs = target?.kind === 'url' && target.voice_url === inboundUrl;
    const isFormer = JSON.stringify(routeAtTwilio(simulator, number)) === JSON.stringify(former.get(number));
    const isRight = agentId === null ? isFormer && status === 'inactive' : isOurs && status === 'active';
    if (!isRight)
      faults.push(`${number} is ${agentId ? 'attached' : 'detached'}, ${status}: ${JSON.stringify(target)}`);
    const page = expectSuccess(await api.get(`/api/phone-number/${number}/route`), 200).provider_route as RoutePage;
    if (page.generation !== page.confirmed_generation) faults.push(`${number}: ${JSON.stringify(page)}`);
  }
  expect(faults).toEqual([]);
}
