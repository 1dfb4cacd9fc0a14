import { DEMO_SAN, DEMO_SEED } from '../demo-seed';
import { Simulator, startSimulator } from '../simulator';

describe('San on the simulator', () => {
  let simulator: Simulator;

  const call = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(simulator.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  afterEach(() => simulator.close());

  const gentoken = (body: unknown, headers: Record<string, string>) =>
    call('POST', '/pbxadmin/sanpbxapi/gentoken', body, headers);

  it('gives a token for the right token and key, and none otherwise', async () => {
    simulator = await startSimulator({ seed: DEMO_SEED, now: () => 1_700_000_000_000 });
    const good = await gentoken({ access_key: DEMO_SAN.access_key }, { Accesstoken: DEMO_SAN.access_token });
    expect(good).toMatchObject({ status: 200, body: { expiry_time: 1_700_003_600 } });
    expect(good.body.Apitoken).toMatch(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/);
    for (const [body, headers] of [
      [{ access_key: 'wrong' }, { Accesstoken: DEMO_SAN.access_token }],
      [{ access_key: DEMO_SAN.access_key }, { Accesstoken: 'wrong' }],
      [{ access_key: DEMO_SAN.access_key }, {}],
      [{}, { Accesstoken: DEMO_SAN.access_token }],
      [null, { Accesstoken: DEMO_SAN.access_token }],
    ] as [unknown, Record<string, string>][]) {
      const bad = await gentoken(body, headers);
      expect(bad.status).toBe(200);
      expect(bad.body).not.toHaveProperty('Apitoken');
      expect(bad.body.status).toBe('failed');
    }
  });

  it('asks for Basic as well where the tenant has it', async () => {
    const basic = { username: 'u', password: 'p' };
    simulator = await startSimulator({ seed: { san: { tenants: [{ ...DEMO_SAN, basic }] } } });
    const body = { access_key: DEMO_SAN.access_key };
    const headers = { Accesstoken: DEMO_SAN.access_token };
    expect((await gentoken(body, headers)).body).not.toHaveProperty('Apitoken');
    const withBasic = { ...headers, Authorization: `Basic ${Buffer.from('u:p').toString('base64')}` };
    expect((await gentoken(body, withBasic)).body).toHaveProperty('Apitoken');
  });

  it('does not place calls by API yet, but by hand', async () => {
    simulator = await startSimulator({ seed: DEMO_SEED });
    expect((await call('POST', '/pbxadmin/sanpbxapi/dialcall', {})).status).toBe(404);
    const url = `${simulator.url.replace('http', 'ws')}/not-a-websocket`;
    const report = await call('POST', '/_sim/san/call', { url, from: '+919812345678', to: '+918062810341' });
    expect(report).toMatchObject({ status: 200, body: { connected: false, frames_received: 0 } });
    expect((await call('POST', '/_sim/san/call', { url: 'x' })).status).toBe(400);
  });
});
