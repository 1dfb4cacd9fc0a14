import type { Response } from 'supertest';
import { SCOPES, type Scope } from '../../src/auth/scopes';
import { TokenService } from '../../src/auth/token.service';
import { createAgent, withoutSecret } from '../factories/agent.factory';
import { expectEnvelope, expectError, expectSuccess } from '../support/envelope';
import { sendRaw } from '../support/raw-body';
import { exchangeRaw } from '../support/raw-socket';
import { storedRows } from '../support/stored-rows';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { untilPasses } from '../support/until-passes';

const NO_AGENT = 'agent_01arz3ndektsv4rrffq69g5fav';
const NUMBER = '+918062810341';
const UNAUTHENTICATED = 'Invalid Auth Key or Session Expired';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Every route under `/api`, with the scope that its name asks for. */
const ROUTES: readonly [Method, string, Scope][] = [
  ['post', '/api/agent/attach-phone-number', 'numbers:write'],
  ['post', '/api/agent/detach-phone-number', 'numbers:write'],
  ['post', '/api/agent', 'agents:write'],
  ['get', '/api/agent', 'agents:read'],
  ['get', `/api/agent/${NO_AGENT}`, 'agents:read'],
  ['patch', `/api/agent/${NO_AGENT}`, 'agents:write'],
  ['delete', `/api/agent/${NO_AGENT}`, 'agents:write'],
  ['get', '/api/phone-number', 'numbers:read'],
  ['post', '/api/phone-number', 'numbers:write'],
  ['get', `/api/phone-number/${NUMBER}`, 'numbers:read'],
  ['patch', `/api/phone-number/${NUMBER}`, 'numbers:write'],
  ['delete', `/api/phone-number/${NUMBER}`, 'numbers:write'],
  ['get', `/api/phone-number/${NUMBER}/route`, 'numbers:read'],
  ['get', '/api/provider', 'providers:read'],
  ['get', '/api/provider/san', 'providers:read'],
  ['put', '/api/provider/san', 'providers:write'],
  ['delete', '/api/provider/san', 'providers:write'],
];

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  ({ token } = await app.createToken());
});

afterAll(() => app?.close());

const tokens = () => app.nest.get(TokenService, { strict: false });
const listAgents = (headers: Record<string, string | string[]>) => app.api().get('/api/agent').set(headers);

function expectStranger(response: Response): void {
  expect(expectError(response, 401, 'UNAUTHENTICATED', UNAUTHENTICATED)).toEqual([]);
}

describe.each(ROUTES)('%s %s', (method, path, scope) => {
  const send = (client: ApiClient) => client[method](path);

  it('is closed to strangers', async () => {
    expectStranger(await send(app.api()));
    expectStranger(await send(app.api(`pb_${'x'.repeat(43)}`)));
  });

  it('tells a stranger nothing about the body', async () => {
    const rows = await storedRows(app);
    expectStranger(await send(app.api()).send({ agent_name: 'x', unknown: 1 }));
    expectStranger(await sendRaw(send(app.api()), '{"agent_id":'));
    expectStranger(await sendRaw(send(app.api()), 'x'.repeat(300_000)));
    expectStranger(await sendRaw(send(app.api()), 'x', 'text/plain'));
    expectStranger(await send(app.api()).query('unknown=1&limit=x'));
    expect(await storedRows(app)).toEqual(rows);
  });

  it(`asks for the scope ${scope}, and for no other`, async () => {
    const others = SCOPES.filter((each) => each !== scope);
    const without = app.api((await app.createToken({ scopes: others })).token);
    for (const response of [await send(without), await sendRaw(send(without), '{"agent_id":')]) {
      const details = expectError(response, 403, 'FORBIDDEN', `Token lacks the scope ${scope}`);
      expect(details).toHaveLength(1);
      expect(JSON.stringify(details)).toContain(scope);
    }
    const none = app.api((await app.createToken({ scopes: [] })).token);
    expectError(await send(none), 403, 'FORBIDDEN', `Token lacks the scope ${scope}`);

    const only = app.api((await app.createToken({ scopes: [scope] })).token);
    const response = await send(only);
    expect([200, 400, 404]).toContain(response.status);
    expectEnvelope(response.body, response.status);
  });
});

describe('the header', () => {
  it.each<[string, () => Record<string, string>]>([
    ['token', () => ({ token })],
    ['api_access_token', () => ({ api_access_token: token })],
    ['both alike', () => ({ token, api_access_token: token })],
    ['capitals', () => ({ TOKEN: token })],
    ['capitals in the other', () => ({ API_ACCESS_TOKEN: token })],
  ])('%s lets in', async (_what, headers) => {
    expectSuccess(await listAgents(headers()), 200);
  });

  it.each<[string, () => Record<string, string>]>([
    ['none', () => ({})],
    ['blank', () => ({ token: '' })],
    ['blank in the other', () => ({ api_access_token: '' })],
    ['spaces', () => ({ token: '   ' })],
    ['both blank', () => ({ token: '', api_access_token: '' })],
    ['one blank', () => ({ token, api_access_token: '' })],
    ['the other blank', () => ({ token: '', api_access_token: token })],
    ['an unknown one', () => ({ token: `pb_${'A'.repeat(43)}` })],
    ['both, one of them unknown', () => ({ token, api_access_token: `pb_${'A'.repeat(43)}` })],
    ['both, the other one unknown', () => ({ token: `pb_${'A'.repeat(43)}`, api_access_token: token })],
    ['one too long', () => ({ token: `${token}x` })],
    ['one too short', () => ({ token: token.slice(0, -1) })],
    ['one in small letters', () => ({ token: token.toLowerCase() })],
    ['one with a scheme', () => ({ token: `Bearer ${token}` })],
    ['two in one', () => ({ token: `${token}, ${token}` })],
    ['SQL', () => ({ token: "' OR '1'='1" })],
    ['8,000 characters', () => ({ token: 'x'.repeat(8_000) })],
    ['Latin-1', () => ({ token: 'pb_\xfc\xff' })],
    ['another header', () => ({ authorization: `Bearer ${token}` })],
    ['a cookie', () => ({ cookie: `token=${token}` })],
    ['hyphens', () => ({ 'api-access-token': token })],
  ])('%s does not', async (_what, headers) => {
    expectStranger(await listAgents(headers()));
  });

  it('two tokens of one account do not either', async () => {
    const other = await app.createToken();
    expectStranger(await listAgents({ token, api_access_token: other.token }));
    expectSuccess(await listAgents({ token: other.token }), 200);
  });

  it('sent twice does not', async () => {
    const lines = ['GET /api/agent HTTP/1.1', 'host: localhost', 'connection: close'];
    const twice = [...lines, `token: ${token}`, `token: ${token}`, '', ''].join('\r\n');
    expectEnvelope(JSON.parse((await exchangeRaw(app.url, twice)).body), 401);
  });

  it('a token in the query does not', async () => {
    expectStranger(await app.api().get(`/api/agent?token=${token}`));
  });
});

describe('a token', () => {
  it('is of at least 256 random bits, and is not stored', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => app.createToken()));
    expect(new Set(made.map((each) => each.token)).size).toBe(5);
    const stored = JSON.stringify(await storedRows(app));
    for (const each of made) {
      // 43 characters of 6 bits hold 256.
      expect(each.token).toMatch(/[A-Za-z0-9_-]{43}$/);
      expect(stored).toContain(each.tokenId);
      expect(stored).not.toContain(each.token);
      expect(stored).not.toContain(each.token.slice(-43));
    }
  });

  it('that is revoked is refused at once', async () => {
    const revoked = await app.createToken();
    const kept = await app.createToken();
    expectSuccess(await listAgents({ token: revoked.token }), 200);
    await tokens().revoke(revoked.tokenId);
    expectStranger(await listAgents({ token: revoked.token }));
    expectSuccess(await listAgents({ token: kept.token }), 200);
  });

  it('that has expired is refused', async () => {
    const accountName = 'test account';
    const [past, future] = [Date.now() - 1, Date.now() + 3_600_000];
    const expired = await tokens().create({ accountName, scopes: ['*'], expiresAt: past });
    expectStranger(await listAgents({ token: expired.token }));
    const valid = await tokens().create({ accountName, scopes: ['*'], expiresAt: future });
    expectSuccess(await listAgents({ token: valid.token }), 200);
  });

  it('that expires between two requests is refused from then on', async () => {
    const expiresAt = Date.now() + 500;
    const { token: brief } = await tokens().create({ accountName: 'test account', scopes: ['*'], expiresAt });
    expectSuccess(await listAgents({ token: brief }), 200);
    await untilPasses(async () => expectStranger(await listAgents({ token: brief })));
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
  });

  it('is the same 401 whatever its fault', async () => {
    const revoked = await app.createToken();
    await tokens().revoke(revoked.tokenId);
    const expired = await tokens().create({ accountName: 'test account', scopes: ['*'], expiresAt: 1 });
    const refused: Record<string, string>[] = [
      {},
      { token: '' },
      { token: 'x' },
      { token: revoked.token },
      { token: expired.token },
    ];
    const bodies = await Promise.all(
      refused.map(async (headers) => {
        const response = await listAgents({ ...headers, 'x-request-id': 'same' });
        return { status: response.status, body: { ...(response.body as object), timestamp: 0 } };
      }),
    );
    expect(new Set(bodies.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  it('belongs to one account', async () => {
    const other = app.api((await app.createToken({ account: 'another' })).token);
    const agent = await createAgent(app.api(token));
    const path = `/api/agent/${agent.agent_id}`;
    expectError(await other.get(path), 404, 'AGENT_NOT_FOUND');
    expectError(await other.patch(path).send({ agent_name: 'taken over' }), 404, 'AGENT_NOT_FOUND');
    expectError(await other.delete(path), 404, 'AGENT_NOT_FOUND');
    expect(expectSuccess(await other.get('/api/agent'), 200)).toMatchObject({ items: [] });
    expect(expectSuccess(await app.api(token).get(path), 200)).toEqual(withoutSecret(agent));
  });
});

describe('what is not there', () => {
  const clients = () => [app.api(), app.api(token)];

  it.each([
    '/api',
    '/api/',
    '/api/agents',
    '/api/nothing',
    `/api/agent/${NO_AGENT}/more`,
    `/api/phone-number/${NUMBER}/more`,
    '/api/provider/san/more',
    '/api/agent/attach-phone-number/more',
    '/api/agent%2F',
  ])('%s is 404 with and without a token', async (path) => {
    for (const client of clients()) {
      expect(expectError(await client.get(path), 404, 'ROUTE_NOT_FOUND')).toEqual([]);
      expectError(await sendRaw(client.post(path), '{"a":'), 404, 'ROUTE_NOT_FOUND');
    }
  });

  it.each<[Method, string]>([
    ['put', '/api/agent'],
    ['patch', '/api/agent'],
    ['delete', '/api/agent'],
    ['post', `/api/agent/${NO_AGENT}`],
    ['put', `/api/agent/${NO_AGENT}`],
    ['put', '/api/agent/attach-phone-number'],
    ['put', '/api/agent/detach-phone-number'],
    ['put', '/api/phone-number'],
    ['delete', '/api/phone-number'],
    ['post', `/api/phone-number/${NUMBER}`],
    ['put', `/api/phone-number/${NUMBER}`],
    ['post', `/api/phone-number/${NUMBER}/route`],
    ['post', '/api/provider'],
    ['put', '/api/provider'],
    ['post', '/api/provider/san'],
    ['patch', '/api/provider/san'],
  ])('%s %s is 404 with and without a token', async (method, path) => {
    for (const client of clients()) {
      expect(expectError(await client[method](path), 404, 'ROUTE_NOT_FOUND')).toEqual([]);
      expectError(await sendRaw(client[method](path), '{"a":'), 404, 'ROUTE_NOT_FOUND');
    }
  });

  it.each(['/api/agent', '/api/agent/attach-phone-number', `/api/phone-number/${NUMBER}`, '/api/provider', '/api/x'])(
    'OPTIONS %s is 404 with and without a token',
    async (path) => {
      for (const client of clients()) expectError(await client.options(path), 404, 'ROUTE_NOT_FOUND');
    },
  );

  it.each(['TRACE', 'PROPFIND', 'PURGE', 'LOCK'])('%s is 404', async (method) => {
    const lines = [`${method} /api/agent HTTP/1.1`, 'host: localhost', 'connection: close', `token: ${token}`];
    const answer = await exchangeRaw(app.url, [...lines, '', ''].join('\r\n'));
    expect(expectEnvelope(JSON.parse(answer.body), 404)).toMatchObject({ reason: 'ROUTE_NOT_FOUND' });
  });
});

describe('HEAD', () => {
  it('is GET without the body', async () => {
    const refused = await app.api().head('/api/agent');
    expect({ status: refused.status, text: refused.text ?? '' }).toEqual({ status: 401, text: '' });
    const answered = await app.api(token).head('/api/agent');
    expect({ status: answered.status, text: answered.text ?? '' }).toEqual({ status: 200, text: '' });
    const unknown = await app.api(token).head('/api/nothing');
    expect({ status: unknown.status, text: unknown.text ?? '' }).toEqual({ status: 404, text: '' });
    for (const { headers } of [refused, answered, unknown]) {
      expect(headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
    }
  });
});

describe('without a token', () => {
  it.each(['/health/live', '/health/ready', '/metrics', '/docs', '/openapi.json'])('%s answers', async (path) => {
    const response = await app.api().get(path).redirects(1);
    expect(response.status).toBe(200);
    expect(response.headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
    expectSame(await app.api('x').get(path).redirects(1), response);
  });

  function expectSame({ status, type }: Response, other: Response): void {
    expect({ status, type }).toEqual({ status: other.status, type: other.type });
  }
});

describe('X-Request-Id', () => {
  const PATHS = ['/api/agent', '/api/nothing', '/health/live', '/metrics', '/docs', `/inbound/san/x/${NUMBER}`];

  it.each(['a', '0', '-', 'Az09._-', '3f1c0d6e-8f0a-4a53-9d0e-0e1c2b3a4d5e', 'x'.repeat(128)])(
    '%s is sent back',
    async (id) => {
      for (const path of PATHS) {
        for (const client of [app.api(), app.api(token)]) {
          const response = await client.get(path).set('X-Request-Id', id);
          expect([path, response.headers['x-request-id']]).toEqual([path, id]);
        }
      }
      const refused = await app.api(token).post('/api/agent').set('X-Request-Id', id).send({});
      expectError(refused, 400, 'AGENT_NAME_REQUIRED');
      expect(refused.headers['x-request-id']).toBe(id);
    },
  );

  it.each(['', ' ', 'a b', 'a,b', 'a/b', 'a\tb', '<script>', 'a"b', 'ü', 'x'.repeat(129), 'x'.repeat(5_000)])(
    '%j is replaced',
    async (id) => {
      for (const path of PATHS) {
        const response = await app.api(token).get(path).set('X-Request-Id', id);
        expect(response.headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
        expect(response.headers['x-request-id']).not.toBe(id);
      }
    },
  );

  it('is replaced when it is sent twice', async () => {
    const lines = ['GET /api/agent HTTP/1.1', 'host: localhost', 'connection: close'];
    const twice = [...lines, 'x-request-id: a', 'x-request-id: b', '', ''].join('\r\n');
    const answer = await exchangeRaw(app.url, twice);
    const ids = answer.headers.filter((line) => /^x-request-id:/i.test(line));
    expect(ids).toEqual([expect.stringMatching(/^x-request-id: [A-Za-z0-9._-]{1,128}$/i)]);
  });

  it('is made anew for every request that brings none', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => String((await app.api().get('/api/agent')).headers['x-request-id'])),
    );
    expect(new Set(ids).size).toBe(20);
  });
});

describe('the envelope', () => {
  it('has its five members on every kind of answer', async () => {
    const api = app.api(token);
    const answers: [Response, number][] = [
      [await api.get('/api/agent'), 200],
      [await api.post('/api/agent').send({ agent_name: 'x' }), 201],
      [await api.post('/api/agent').send({}), 400],
      [await app.api().get('/api/agent'), 401],
      [await api.get(`/api/agent/${NO_AGENT}`), 404],
      [await api.get('/api/nothing'), 404],
      [await sendRaw(api.post('/api/agent'), 'x'.repeat(300_000)), 413],
      [await sendRaw(api.post('/api/agent'), 'x', 'text/plain'), 415],
      [await api.get('/api/agent?limit=0'), 422],
    ];
    for (const [{ status, body, headers }, expected] of answers) {
      expect(status).toBe(expected);
      expectEnvelope(body, expected);
      expect(headers['content-type']).toMatch(/^application\/json(;|$)/);
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });
});
