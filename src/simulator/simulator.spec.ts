import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_SEED } from './demo-seed';
import { DEMO_TWILIO } from './twilio/twilio.demo';
import { Simulator, SimulatorOptions, startSimulator } from './simulator';

const NUMBER = '+12025551234';
const BASIC = `Basic ${Buffer.from(`${DEMO_TWILIO.sid}:${DEMO_TWILIO.auth_token}`).toString('base64')}`;

describe('simulator', () => {
  let simulator: Simulator;
  const started: Simulator[] = [];

  const start = async (options: SimulatorOptions = { seed: DEMO_SEED }) => {
    simulator = await startSimulator(options);
    started.push(simulator);
  };
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(simulator.url + path, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : undefined) as Record<string, unknown>,
    };
  };
  const twilio = async (path: string, form?: Record<string, string>, signal?: AbortSignal) => {
    const response = await fetch(`${simulator.url}/2010-04-01/Accounts/${DEMO_TWILIO.sid}${path}`, {
      method: form ? 'POST' : 'GET',
      headers: { authorization: BASIC },
      body: form && new URLSearchParams(form),
      signal,
    });
    return { response, body: (await response.json()) as Record<string, unknown> };
  };
  const account = () => {
    const found = simulator.twilio.account(DEMO_TWILIO.sid);
    if (!found) throw new Error('the demo account is missing');
    return found;
  };
  const numberPath = () => `/IncomingPhoneNumbers/${account().number(NUMBER)?.sid}.json`;
  const route = (voiceUrl: string, signal?: AbortSignal) => twilio(numberPath(), { VoiceUrl: voiceUrl }, signal);
  const routedTo = () => account().number(NUMBER)?.voice_url;

  const logged = () => simulator.control.twilio.requests.read();

  const stopAll = async () => {
    for (const one of started.splice(0)) await one.close();
  };

  afterEach(stopAll);

  describe('faults', () => {
    beforeEach(() => start());

    it('answers 429 with Retry-After as often as asked, and is good again', async () => {
      const mode = { fail_status: 429, fail_count: 2, retry_after_s: 3, only: 'write' };
      expect(await call('POST', '/_sim/twilio/mode', mode)).toMatchObject({ status: 200, body: { faults_left: 2 } });
      expect((await twilio('/IncomingPhoneNumbers.json')).response.status).toBe(200);
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const { response, body } = await route('https://new.example.com/');
        expect(response.status).toBe(429);
        expect(response.headers.get('retry-after')).toBe('3');
        expect(body).toMatchObject({ code: 20429, status: 429 });
      }
      expect(routedTo()).toBe('https://demo.twilio.com/welcome/voice/');
      expect((await route('https://new.example.com/')).response.status).toBe(200);
      expect(routedTo()).toBe('https://new.example.com/');
    });

    it('applies a change and denies it', async () => {
      await call('POST', '/_sim/twilio/mode', { apply_then_fail: true });
      const { response, body } = await route('https://new.example.com/');
      expect([response.status, body.code]).toEqual([500, 20500]);
      expect(routedTo()).toBe('https://new.example.com/');
    });

    it.each([
      [{ hang: true }, 'https://demo.twilio.com/welcome/voice/'],
      [{ hang: true, apply_then_fail: true }, 'https://new.example.com/'],
    ])('%j never answers and leaves the route at %s', async (mode, expected) => {
      await call('POST', '/_sim/twilio/mode', { ...mode, fail_count: 1 });
      const client = new AbortController();
      const outcome = settled(route('https://new.example.com/', client.signal));
      await until(() => logged().entries[0]?.fault !== undefined);
      client.abort();
      expect(await outcome).toBe('dropped');
      expect(routedTo()).toBe(expected);
      expect(logged().entries).toMatchObject([{ method: 'POST', status: null }]);
    });

    it('applies a slow request also when its client is gone', async () => {
      await call('POST', '/_sim/twilio/mode', { latency_ms: 300 });
      const client = new AbortController();
      const outcome = settled(route('https://late.example.com/', client.signal));
      await until(() => logged().total === 1);
      client.abort();
      expect(await outcome).toBe('dropped');
      expect(routedTo()).toBe('https://demo.twilio.com/welcome/voice/');
      await until(() => logged().by_status[200] === 1);
      expect(routedTo()).toBe('https://late.example.com/');
    });

    it('ends waiting requests without an answer when it closes', async () => {
      await call('POST', '/_sim/twilio/mode', { latency_ms: 60_000 });
      const waiting = settled(route('https://late.example.com/'));
      await until(() => logged().total === 1);
      await simulator.close();
      expect(await waiting).toBe('dropped');
    });

    it('keeps the vendors apart and forgets a mode when told', async () => {
      await call('POST', '/_sim/san/mode', { fail_status: 503 });
      expect((await call('POST', '/pbxadmin/sanpbxapi/gentoken', {})).status).toBe(503);
      expect((await twilio('.json')).response.status).toBe(200);
      expect((await call('DELETE', '/_sim/san/mode')).status).toBe(204);
      expect((await call('POST', '/pbxadmin/sanpbxapi/gentoken', {})).status).toBe(200);
    });
  });

  it('limits the rate when told, with the time to wait', async () => {
    let now = 0;
    await start({ seed: DEMO_SEED, now: () => now });
    await call('POST', '/_sim/twilio/rate-limit', { requests_per_second: 1 });
    expect((await twilio('.json')).response.status).toBe(200);
    const refused = await twilio('.json');
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([429, '1']);
    now += 1000;
    expect((await twilio('.json')).response.status).toBe(200);
    await call('DELETE', '/_sim/twilio/rate-limit');
    expect((await twilio('.json')).response.status).toBe(200);
  });

  describe('administration', () => {
    beforeEach(() => start());

    it('shows what a call to each number would do', async () => {
      const { body } = await call('GET', '/_sim/state');
      const numbers = (vendor: string) => {
        const state = body[vendor] as { accounts: { numbers: { number: string; route: { kind?: string } }[] }[] };
        return state.accounts.flatMap((owner) => owner.numbers);
      };
      expect(numbers('twilio').map((number) => [number.number, number.route.kind])).toEqual([
        ['+12025551234', 'url'],
        ['+14165551234', 'url'],
        ['+442012345678', 'trunk'],
        ['+61212345678', 'application'],
        ['+6512345678', 'none'],
        ['+971501234567', 'none'],
      ]);
      expect(numbers('san').map((number) => number.number)).toEqual([
        '+918062810341',
        '+918062810342',
        '+918062810343',
        '+918062810344',
      ]);
    });

    it('takes further accounts and numbers, and many at once', async () => {
      const sid = `AC${'9'.repeat(32)}`;
      const seed = {
        twilio: { accounts: [{ sid, auth_token: 't', generate: { first: '+13105550000', count: 1200 } }] },
      };
      expect((await call('POST', '/_sim/seed', seed)).status).toBe(204);
      expect((await call('POST', '/_sim/seed', seed)).status).toBe(204);
      const numbers = simulator.twilio.account(sid)?.numbers() ?? [];
      expect(numbers).toHaveLength(1200);
      expect(numbers.at(-1)?.phone_number).toBe('+13105551199');
    });

    it('refuses a number that another account owns, and adds nothing', async () => {
      const sid = `AC${'9'.repeat(32)}`;
      const seed = { twilio: { accounts: [{ sid, auth_token: 't', numbers: ['+13105550000', NUMBER] }] } };
      expect(await call('POST', '/_sim/seed', seed)).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining(NUMBER) as string },
      });
      expect(simulator.twilio.account(sid)).toBeUndefined();
    });

    it.each([
      ['POST', '/_sim/twilio/mode', { latency: 5 }, 400],
      ['POST', '/_sim/seed', { telnix: {} }, 400],
      ['POST', '/_sim/seed', { twilio: { accounts: [{ sid: 'AC1', auth_token: 't' }] } }, 400],
      ['POST', '/_sim/twilio/rate-limit', { requests_per_second: 0 }, 400],
      ['POST', '/_sim/nobody/mode', {}, 404],
      ['GET', '/_sim/nothing', undefined, 404],
      ['GET', '/nobody/is/here', undefined, 404],
    ])('%s %s %j is %i', async (method, path, body, status) => {
      expect((await call(method, path, body)).status).toBe(status);
    });

    it('takes JSON and nothing else', async () => {
      const post = (body: string, type: string) =>
        fetch(`${simulator.url}/_sim/twilio/mode`, { method: 'POST', body, headers: { 'content-type': type } });
      expect((await post('{"hang":true}', 'text/plain')).status).toBe(415);
      expect((await post('{"hang"', 'application/json')).status).toBe(400);
      expect((await twilio('.json')).response.status).toBe(200);
    });

    it('logs what each vendor received', async () => {
      await twilio('/IncomingPhoneNumbers.json?PageSize=1');
      await twilio('/IncomingPhoneNumbers/PN0.json', { VoiceUrl: '' });
      const { body } = await call('GET', '/_sim/twilio/requests');
      expect(body).toMatchObject({
        total: 2,
        by_method: { GET: 1, POST: 1 },
        by_status: { 200: 1, 404: 1 },
        entries: [
          {
            method: 'GET',
            path: `/2010-04-01/Accounts/${DEMO_TWILIO.sid}/IncomingPhoneNumbers.json?PageSize=1`,
            status: 200,
          },
          { method: 'POST', status: 404 },
        ],
      });
      expect((await call('DELETE', '/_sim/twilio/requests')).status).toBe(204);
      expect((await call('GET', '/_sim/twilio/requests')).body.total).toBe(0);
    });
  });

  describe('state file', () => {
    let folder: string;
    let stateFile: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'simulator-'));
      stateFile = join(folder, 'state.json');
    });

    afterEach(async () => {
      await stopAll();
      rmSync(folder, { recursive: true });
    });

    it('has a change by the time it is answered, and keeps it through another start with the same seed', async () => {
      await start({ stateFile, seed: DEMO_SEED });
      const trunk = `TK${'c'.repeat(32)}`;
      await route('https://kept.example.com/');
      await twilio(numberPath(), { TrunkSid: trunk, FriendlyName: 'Kept' });
      const before = await call('GET', '/_sim/state');
      await start({ stateFile, seed: DEMO_SEED });
      expect((await call('GET', '/_sim/state')).body).toEqual(before.body);
      expect(account().number(NUMBER)).toMatchObject({ trunk_sid: trunk, voice_url: 'https://kept.example.com/' });
    });

    it('is not started over when it is damaged', async () => {
      writeFileSync(stateFile, 'not json');
      await expect(startSimulator({ stateFile })).rejects.toThrow(stateFile);
    });
  });
});

function settled(attempt: Promise<unknown>): Promise<'answered' | 'dropped'> {
  return attempt.then(
    () => 'answered',
    () => 'dropped',
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
