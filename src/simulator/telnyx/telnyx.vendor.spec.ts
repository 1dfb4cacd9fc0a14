import { generateKeyPairSync } from 'node:crypto';
import { BadInput } from '../core/input';
import { VendorReply, VendorRequest } from '../core/vendor';
import { DEMO_TELNYX, DEMO_TELNYX_SEED } from './telnyx.demo';
import { publicKeyOf, signedHeaders, signingKeyOf } from './telnyx.keys';
import { TelnyxSeed } from './telnyx.seed';
import { TelnyxVendor } from './telnyx.vendor';

const ACCOUNT = {
  account_sid: DEMO_TELNYX.account_sid,
  api_key: DEMO_TELNYX.api_key,
  private_key: DEMO_TELNYX.private_key,
};
const NUMBER = '+13125550142';
const TRUNK = '1293384261075731499';

let clock = Date.UTC(2026, 0, 1);

function vendorWith(seed: unknown): TelnyxVendor {
  const vendor = new TelnyxVendor({ now: () => clock });
  vendor.seed(vendor.parseSeed(seed));
  return vendor;
}

/** What the vendor answers on one of its paths; parameters by their place in the route. */
async function ask(vendor: TelnyxVendor, method: string, path: string, json?: unknown): Promise<VendorReply> {
  const url = new URL(`/v2${path}`, 'http://x');
  for (const route of vendor.routes.filter((one) => one.method === method.toLowerCase())) {
    const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
    const found = new RegExp(`^${route.path.replace(/:\w+/g, '([^/]+)')}$`).exec(url.pathname);
    if (!found) continue;
    const request: VendorRequest = {
      method,
      path: url.pathname,
      params: Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])),
      query: url.searchParams,
      form: new URLSearchParams(),
      json,
      text: json === undefined ? '' : JSON.stringify(json),
      header: (name) => (name === 'authorization' ? `Bearer ${DEMO_TELNYX.api_key}` : 'application/json'),
    };
    return await route.handle(request);
  }
  throw new Error(`no route for ${path}`);
}

const dataOf = (reply: VendorReply) => (reply.body as { data: Record<string, unknown> }).data;

describe('TelnyxVendor', () => {
  beforeEach(() => (clock = Date.UTC(2026, 0, 1)));

  it('reads its own snapshot back to the same state', async () => {
    const vendor = vendorWith(DEMO_TELNYX_SEED);
    const id = vendor.account(ACCOUNT.account_sid)?.number(NUMBER)?.id ?? '';
    const made = dataOf(
      await ask(vendor, 'POST', '/texml_applications', {
        friendly_name: 'patchbay',
        voice_url: 'https://a.example.com/voice',
        voice_method: 'get',
      }),
    );
    await ask(vendor, 'PATCH', `/phone_numbers/${id}`, { connection_id: made.id, tags: ['t'] });
    await ask(vendor, 'PATCH', `/phone_numbers/${id}/voice`, { translated_number: '9' });
    const saved = JSON.parse(JSON.stringify(vendor.snapshot())) as TelnyxSeed;
    const restored = vendorWith(saved);
    expect(restored.snapshot()).toEqual(vendor.snapshot());
    const route = { kind: 'texml', application: { id: made.id, voice_method: 'get' } };
    const [account] = restored.overview().accounts;
    expect(account?.numbers.find((one) => one.number === NUMBER)).toMatchObject({ id, route });
  });

  it('keeps what exists when it is seeded again', async () => {
    const vendor = vendorWith(DEMO_TELNYX_SEED);
    const id = vendor.account(ACCOUNT.account_sid)?.number(NUMBER)?.id ?? '';
    await ask(vendor, 'PATCH', `/phone_numbers/${id}`, { connection_id: TRUNK });
    vendor.seed(vendor.parseSeed(DEMO_TELNYX_SEED));
    expect(dataOf(await ask(vendor, 'GET', `/phone_numbers/${id}`))).toMatchObject({ connection_id: TRUNK });
  });

  it('shows where each number of the demo leads', () => {
    const [account] = vendorWith(DEMO_TELNYX_SEED).overview().accounts;
    expect(account?.numbers.map(({ number, route }) => [number, (route as { kind: string }).kind])).toEqual([
      [NUMBER, 'none'],
      ['+13129457420', 'connection'],
      ['+35319605860', 'texml'],
      ['+442071838750', 'forwarded'],
      ['+61255501234', 'none'],
    ]);
  });

  it('lets a changed connection take its time', async () => {
    const numbers = [{ phone_number: NUMBER }];
    const account = { ...ACCOUNT, propagation_ms: 2000, connections: [{ id: TRUNK, name: 'Trunk' }], numbers };
    const vendor = vendorWith({ accounts: [account] });
    const id = vendor.account(ACCOUNT.account_sid)?.number(NUMBER)?.id ?? '';
    const shown = async () => dataOf(await ask(vendor, 'GET', `/phone_numbers/${id}`)).connection_id;
    const patched = await ask(vendor, 'PATCH', `/phone_numbers/${id}`, { connection_id: TRUNK });
    expect(dataOf(patched).connection_id).toBe(TRUNK);
    expect(await shown()).toBeNull();
    clock += 1999;
    expect(await shown()).toBeNull();
    clock += 1;
    expect(await shown()).toBe(TRUNK);
  });

  it('forwards only with number and type, and lets on-failure try the connection first', () => {
    const forwarding = (more: object) => {
      const numbers = [{ phone_number: NUMBER, connection_id: TRUNK, call_forwarding: more }];
      const vendor = vendorWith({ accounts: [{ ...ACCOUNT, numbers }] });
      return (vendor.overview().accounts[0]?.numbers[0]?.route as { kind: string }).kind;
    };
    const to = { forwards_to: '+13125550199' };
    expect(forwarding({ ...to, forwarding_type: 'always' })).toBe('forwarded');
    expect(forwarding({ ...to, forwarding_type: 'on-failure' })).toBe('connection');
    expect(forwarding(to)).toBe('connection');
    expect(forwarding({ forwarding_type: 'always' })).toBe('connection');
    expect(forwarding({ ...to, forwarding_type: 'always', call_forwarding_enabled: false })).toBe('connection');
  });

  it('disconnects the numbers of a deleted application', async () => {
    const vendor = vendorWith(DEMO_TELNYX_SEED);
    await ask(vendor, 'DELETE', '/texml_applications/1494404757140276705');
    const id = vendor.account(ACCOUNT.account_sid)?.number('+35319605860')?.id ?? '';
    expect(dataOf(await ask(vendor, 'GET', `/phone_numbers/${id}`)).connection_id).toBeNull();
  });

  it.each([
    [{ accounts: [{ ...ACCOUNT, shoe_size: 44 }] }, 'no member "shoe_size"'],
    [{ accounts: [{ ...ACCOUNT, private_key: 'AAAA' }] }, 'private_key must be an Ed25519 private key'],
    [{ accounts: [{ ...ACCOUNT, numbers: ['13125550142'] }] }, 'must be an E.164 number'],
    [{ accounts: [{ ...ACCOUNT, connections: [{ id: 'x', name: 'y' }] }] }, 'must be a text of digits'],
    [{ accounts: [{ ...ACCOUNT, numbers: [{ phone_number: NUMBER, status: 'asleep' }] }] }, 'must be one of active'],
  ])('refuses the seed %j', (seed, message) => {
    const vendor = new TelnyxVendor({ now: () => clock });
    expect(() => vendor.parseSeed(seed)).toThrow(BadInput);
    expect(() => vendor.parseSeed(seed)).toThrow(message);
  });

  it('holds further numbers as freshly bought ones, and releases them', async () => {
    const vendor = vendorWith(vendorWith({}).demoSeed);
    vendor.hold(ACCOUNT.account_sid, ['+14155550100', NUMBER]);
    const id = vendor.account(ACCOUNT.account_sid)?.number('+14155550100')?.id ?? '';
    expect(dataOf(await ask(vendor, 'GET', `/phone_numbers/${id}`))).toMatchObject({
      status: 'active',
      connection_id: null,
    });
    vendor.release('+14155550100');
    expect((await ask(vendor, 'GET', `/phone_numbers/${id}`)).status).toBe(404);
    expect(vendor.account(ACCOUNT.account_sid)?.numbers()).toHaveLength(5);
    expect(() => vendor.hold('nobody', [])).toThrow(BadInput);
  });

  it('has the numbers of its demo, all of which can be routed', () => {
    const vendor = vendorWith(vendorWith({}).demoSeed);
    const [demo] = vendor.demos;
    const numbers = vendor.overview().accounts.find(({ account }) => account === demo.account)?.numbers ?? [];
    for (const number of demo.numbers) {
      const route = numbers.find((one) => one.number === number)?.route;
      expect((route as { kind: string }).kind).not.toBe('forwarded');
    }
  });

  it('gives a number to one account only', () => {
    const vendor = vendorWith({ accounts: [{ ...ACCOUNT, numbers: [NUMBER] }] });
    const other = { ...ACCOUNT, account_sid: 'other', api_key: 'KEYOTHER', generate: { first: NUMBER, count: 2 } };
    expect(() => vendor.seed({ accounts: [other] })).toThrow(`${NUMBER} belongs to ${ACCOUNT.account_sid} already`);
    expect(vendor.account('other')).toBeUndefined();
  });
});

describe('signing keys', () => {
  it('are those of RFC 8032, section 7.1, in the demo', () => {
    expect(publicKeyOf(signingKeyOf(DEMO_TELNYX.private_key, 'key'))).toBe(DEMO_TELNYX.public_key);
    expect(Buffer.from(DEMO_TELNYX.public_key, 'base64').toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
  });

  it('sign time and body as the official SDK verifies them', () => {
    // Computed apart from this code and accepted by `TelnyxWebhook` of the telnyx package with its clock at that time.
    const body =
      '{"data":{"event_type":"call.initiated","id":"0ccc7b54-4df3-4bca-a65a-3da1ecc777f0","payload":' +
      '{"call_control_id":"v3:abc","direction":"incoming","from":"+14155550100","to":"+14155550123","state":"parked"},' +
      '"record_type":"event"}}';
    expect(signedHeaders(signingKeyOf(DEMO_TELNYX.private_key, 'key'), body, 1_700_000_000_999)).toEqual({
      'telnyx-timestamp': '1700000000',
      'telnyx-signature-ed25519':
        'FL2QFaTxetU5rlU60Ss7PT+2QDBHAvEJbaHkhaCzxKoagM6O3yLhD9siDMkg+BwxbYD5askkXWiO4XofSGFeCg==',
    });
  });

  it('may be PEM, of the right kind', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(Buffer.from(publicKeyOf(signingKeyOf(pem, 'key')), 'base64')).toHaveLength(32);
    const other = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => signingKeyOf(other, 'key')).toThrow(BadInput);
  });
});
