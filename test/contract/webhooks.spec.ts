import fc from 'fast-check';
import { ADAPTERS } from '../../src/providers/adapters/registry';
import { CALL_STATUSES } from '../../src/providers/contract/call';
import type { AnyProviderAdapter } from '../../src/providers/contract/provider-adapter';
import type { SharedValues } from '../../src/providers/contract/shared-resources';
import type { AboutCall, CallProgressed, InboundEvent, WebhookRequest } from '../../src/providers/contract/webhook';
import type { Vendor } from '../../src/simulator/core/vendor';
import { createVendors } from '../../src/simulator/vendors';
import { anyText } from '../support/contract/arbitrary-answers';
import { anyRequest } from '../support/contract/arbitrary-requests';

const VENDORS = createVendors({ now: Date.now });
const EVERY = (Object.values(ADAPTERS) as AnyProviderAdapter[]).map((adapter) => ({ name: adapter.name, adapter }));
const BARE: WebhookRequest = {
  method: 'POST',
  url: 'https://voice.example.com/inbound/vendor/key',
  headers: {},
  rawBody: Buffer.alloc(0),
};

/** Keys and names that a provider account may share, whether it has all, some or none of them. */
const shared: fc.Arbitrary<SharedValues | null> = fc.option(
  fc.dictionary(fc.constantFrom('callback_user', 'callback_password', 'application_id', 'private_key'), anyText),
  { nil: null },
);
const now = fc.oneof(fc.integer({ min: 1_790_000_000_000, max: 1_800_000_000_000 }), fc.constant(0));
const country = fc.constantFrom(null, 'IN', 'US', 'GB', 'XX', '');

function expectCall({ providerCallIds, direction, from, to }: AboutCall): void {
  expect(providerCallIds.length).toBeGreaterThan(0);
  expect(providerCallIds.filter((id) => typeof id !== 'string' || id === '')).toEqual([]);
  expect(new Set(providerCallIds).size).toBe(providerCallIds.length);
  expect(['inbound', 'outbound']).toContain(direction);
  for (const party of [from, to]) {
    expect(party === null || (typeof party === 'string' && party !== '')).toBe(true);
  }
}

function expectProgress(event: CallProgressed): void {
  expect(CALL_STATUSES).toContain(event.status);
  for (const time of [event.occurredAt, event.answeredAt, event.endedAt]) {
    expect(time === null || Number.isSafeInteger(time)).toBe(true);
  }
  expect(event.durationS === null || (Number.isSafeInteger(event.durationS) && event.durationS >= 0)).toBe(true);
  expect(event.endReason === null || typeof event.endReason === 'string').toBe(true);
}

function expectEvent(event: InboundEvent): void {
  switch (event.kind) {
    case 'call':
      return expectCall(event);
    case 'status':
      expectCall(event);
      return expectProgress(event);
    case 'other':
      expect(typeof event.type).toBe('string');
      return expect(event.type).not.toBe('');
    case 'ping':
      return expect(event).toEqual({ kind: 'ping' });
  }
}

describe.each(EVERY)('requests in the name of $name', ({ name, adapter }) => {
  const { webhook, capabilities } = adapter;
  const vendor: Vendor<unknown> = VENDORS[name];
  const credentials = vendor.demos.map((demo) => Object.assign(new adapter.credentials(), demo.credentials));
  const believesAll = credentials.every(
    (one) => webhook.verify(BARE, { credentials: one, shared: null, nowMs: 0 }).kind === 'authentic',
  );

  it('are only believed without proof where the vendor gives none', () => {
    expect(believesAll && capabilities.signed).toBe(false);
  });

  it('are weighed, whatever they are, and never taken for signed', () => {
    fc.assert(
      fc.property(anyRequest, shared, now, fc.constantFrom(...credentials), (request, values, nowMs, one) => {
        const { kind } = webhook.verify(request, { credentials: one, shared: values, nowMs });
        expect(kind).toBe(believesAll ? 'authentic' : 'rejected');
      }),
      { numRuns: 1_000 },
    );
  });

  it('are read, whatever they are, into what the contract knows', () => {
    fc.assert(
      fc.property(anyRequest, country, (request, of) => {
        const event = webhook.parse(request, { country: of });
        if (event !== null) expectEvent(event);
      }),
      { numRuns: 4_000 },
    );
  });
});
