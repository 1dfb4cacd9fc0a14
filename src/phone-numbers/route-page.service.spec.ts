import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database';
import type { EventsRepository } from '../events/events.repository';
import type { ProvidersService } from '../providers/providers.service';
import type { InboundRequestsRepository } from './inbound-requests.repository';
import type { AttachedAgent, RoutedPhoneNumber } from './phone-number-record';
import type { PhoneNumbersRepository } from './phone-numbers.repository';
import { RoutePageService } from './route-page.service';

const NUMBER = '+918062810341';
const AGENT: AttachedAgent = { agentId: 'agent_1', agentName: 'Reception', status: 'active', purpose: null };

const ROW: RoutedPhoneNumber = {
  e164: NUMBER,
  provider: 'twilio',
  country: 'IN',
  status: 'pending',
  reason: 'provider_unavailable',
  purpose: null,
  label: null,
  agentId: AGENT.agentId,
  attachedAt: 1_000,
  maxConcurrentCalls: null,
  activeCalls: 0,
  createdAt: 0,
  updatedAt: 0,
  routeGeneration: 3,
  confirmedGeneration: 2,
  routeDueAt: 4_000,
  routeAttempts: 2,
  routeError: 'Twilio answered 503',
  routeConfirmedAt: 3_000,
  routeUrl: 'https://x.example/inbound/twilio/KEY',
  formerRouteSaved: true,
  provenAt: null,
};

const DRIFT = {
  occurredAt: 4_500,
  before: { answer_url: 'https://x.example/inbound/twilio/KEY' },
  after: { voice_url: 'https://elsewhere.example/' },
};

function setUp(row: RoutedPhoneNumber | null, { isRouted = true, isConfigured = true } = {}) {
  const work = (run: (manager: EntityManager) => Promise<unknown>) => run({} as EntityManager);
  return new RoutePageService(
    { read: work } as unknown as Database,
    {
      findWithRoute: () => Promise.resolve(row),
      findAgent: () => Promise.resolve(AGENT),
    } as unknown as PhoneNumbersRepository,
    { recent: () => Promise.resolve([{ at: 5_000, verdict: 'routed' }]) } as unknown as InboundRequestsRepository,
    { latestOfNumber: () => Promise.resolve([DRIFT]) } as unknown as EventsRepository,
    {
      capabilities: () => ({ route: isRouted }),
      connection: () => Promise.resolve(isConfigured ? { inboundKey: 'KEY' } : null),
      numberInboundUrl: (provider: string, key: string, e164: string) => `wss://x/inbound/${provider}/${key}/${e164}`,
    } as unknown as ProvidersService,
  );
}

it('tells all that decides where calls go', async () => {
  expect(await setUp(ROW).read('acct_1', NUMBER)).toEqual({
    phone_number: NUMBER,
    provider: 'twilio',
    agent: { agent_id: 'agent_1', agent_name: 'Reception', status: 'active' },
    status: 'pending',
    reason: 'provider_unavailable',
    provider_route: {
      answer_url: 'https://x.example/inbound/twilio/KEY',
      confirmed_at: '1970-01-01T00:00:03.000Z',
      generation: 3,
      confirmed_generation: 2,
      next_attempt_at: '1970-01-01T00:00:04.000Z',
      attempts: 2,
      last_error: 'Twilio answered 503',
      former_route_saved: true,
    },
    proven_at: null,
    recent_drifts: [
      {
        at: '1970-01-01T00:00:04.500Z',
        expected: { answer_url: 'https://x.example/inbound/twilio/KEY' },
        found: { voice_url: 'https://elsewhere.example/' },
      },
    ],
    recent_requests: [{ at: '1970-01-01T00:00:05.000Z', verdict: 'routed' }],
  });
});

it('has no agent for a number that is attached to none', async () => {
  expect(await setUp({ ...ROW, agentId: null }).read('acct_1', NUMBER)).toHaveProperty('agent', null);
});

it('gives the address to bind at a manual provider', async () => {
  const manual = { ...ROW, provider: 'san', provenAt: 6_000 } as const;
  const page = await setUp(manual, { isRouted: false }).read('acct_1', NUMBER);
  expect(page.inbound_url).toBe(`wss://x/inbound/san/KEY/${NUMBER}`);
  expect(page.proven_at).toBe('1970-01-01T00:00:06.000Z');
  const unconfigured = await setUp(manual, { isRouted: false, isConfigured: false }).read('acct_1', NUMBER);
  expect(unconfigured).not.toHaveProperty('inbound_url');
});

it('refuses what is no number, and does not find what is not there', async () => {
  await expect(setUp(ROW).read('acct_1', '80628')).rejects.toMatchObject({ reason: 'INVALID_PHONE_NUMBER_FORMAT' });
  await expect(setUp(null).read('acct_1', NUMBER)).rejects.toMatchObject({ reason: 'PHONE_NUMBER_NOT_FOUND' });
});
