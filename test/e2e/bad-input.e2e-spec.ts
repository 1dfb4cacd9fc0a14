import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import type { Response } from 'supertest';
import type { ErrorReason } from '../../src/common/errors/error-catalog';
import { createAgent, withoutSecret } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider, SIMULATOR_CREDENTIALS } from '../factories/provider.factory';
import { expectEnvelope, expectError, expectSuccess } from '../support/envelope';
import { isObject, type Json, type JsonNode, type JsonRecord, nodesOf } from '../support/json-nodes';
import { sendRaw } from '../support/raw-body';
import { exchangeRaw } from '../support/raw-socket';
import { storedRows } from '../support/stored-rows';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';

const NUMBER = '+918062810341';
const ATTACHED = '+918062810342';
const DIGITS = '9'.repeat(10_000);
const SQL_AND_HTML = [
  "'; DROP TABLE phone_number; --",
  '" OR "1"="1',
  "x' UNION SELECT digest FROM api_token --",
  "\\'; DELETE FROM agent; --",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '${7*7}{{7*7}}',
];
const UNCLEAN = ['a\0b', '\ud800', 'a\udc00b'];
const UNPACKED = Buffer.alloc(10_000_000, ' ');
const BOMBS: readonly [string, Buffer][] = [
  ['gzip', gzipSync(UNPACKED)],
  ['deflate', deflateSync(UNPACKED)],
  ['br', brotliCompressSync(UNPACKED, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
];
/** With every answer that has details, none is longer: a value is cut at 100 characters. */
const MAX_ANSWER_LENGTH = 3_000;

let app: TestApp;
let api: ApiClient;
let token: string;
let agentId: string;
let rows: Awaited<ReturnType<typeof storedRows>>;

interface Route {
  readonly name: string;
  readonly send: (client: ApiClient) => ReturnType<ApiClient['post']>;
  /** A body with every member, that the route takes. */
  readonly body: () => JsonRecord;
  /** Members that hold any text. */
  readonly texts: readonly string[];
  /** Members that hold any object. */
  readonly objects: readonly string[];
}

const AGENT: JsonRecord = {
  agent_name: 'Reception',
  description: 'Answers the door',
  status: 'active',
  purpose: null,
  prompt: 'You are polite.',
  greeting: 'Hello',
  timezone: 'Asia/Kolkata',
  language: 'en-IN',
  connect: { type: 'websocket', url: 'wss://media.example.com/agent' },
  fallback: { type: 'message', text: 'Nobody is here' },
  webhook_url: 'https://example.com/hook',
  webhook_events: ['call.ended', 'call.answered'],
  voice: { name: 'aria', levels: [{ deep: { deeper: 'x' } }] },
  speech_to_text: { model: 'm' },
  llm: { model: 'm', temperature: 0.5 },
  configurations: { a: [1, 'two', { three: 3 }] },
};
const AGENT_TEXTS = ['agent_name', 'description', 'prompt', 'greeting', 'fallback.text'];
const AGENT_OBJECTS = ['voice', 'speech_to_text', 'llm', 'configurations'];

const ROUTES: readonly Route[] = [
  {
    name: 'POST /api/agent',
    send: (client) => client.post('/api/agent'),
    body: () => AGENT,
    texts: AGENT_TEXTS,
    objects: AGENT_OBJECTS,
  },
  {
    name: 'PATCH /api/agent/{agent_id}',
    send: (client) => client.patch(`/api/agent/${agentId}`),
    body: () => ({ ...AGENT, phone_numbers: [NUMBER, ATTACHED], provider: 'san' }),
    texts: AGENT_TEXTS,
    objects: AGENT_OBJECTS,
  },
  {
    name: 'POST /api/phone-number',
    send: (client) => client.post('/api/phone-number'),
    body: () => ({
      phone_number: '+918062810343',
      provider: 'san',
      purpose: 'TEST',
      label: 'Support',
      max_concurrent_calls: 5,
    }),
    texts: ['label'],
    objects: [],
  },
  {
    name: 'PATCH /api/phone-number/{phone_number}',
    send: (client) => client.patch(`/api/phone-number/${ATTACHED}`),
    body: () => ({ purpose: 'TEST', label: 'Support', max_concurrent_calls: 5 }),
    texts: ['label'],
    objects: [],
  },
  {
    name: 'PUT /api/provider/{provider}',
    send: (client) => client.put('/api/provider/twilio'),
    body: () => ({ credentials: { ...SIMULATOR_CREDENTIALS.twilio, country: 'IN' } }),
    texts: [],
    objects: [],
  },
  {
    name: 'POST /api/agent/attach-phone-number',
    send: (client) => client.post('/api/agent/attach-phone-number'),
    body: () => ({ agent_id: agentId, provider: 'san', numbers: [NUMBER, ATTACHED], reassign: true }),
    texts: [],
    objects: [],
  },
  {
    name: 'POST /api/agent/detach-phone-number',
    send: (client) => client.post('/api/agent/detach-phone-number'),
    body: () => ({ agent_id: agentId, numbers: [ATTACHED] }),
    texts: [],
    objects: [],
  },
];

const isInside = (field: string, names: readonly string[]) =>
  names.some((name) => field.startsWith(`${name}.`) || field.startsWith(`${name}[`));

beforeAll(async () => {
  app = await startTestApp();
  ({ token } = await app.createToken());
  api = app.api(token);
  await configureProvider(api, 'san');
  agentId = (await createAgent(api)).agent_id;
  await createPhoneNumber(api, ATTACHED);
  const body = { agent_id: agentId, provider: 'san', numbers: [ATTACHED] };
  expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
  rows = await storedRows(app);
});

afterAll(() => app?.close());

/** An error of the caller's, whole and short, without a stack, SQL or a file name. */
function expectRefusal(response: Response, ...statuses: number[]): void {
  const { status, text } = response;
  if (!statuses.includes(status)) expect({ status, text }).toEqual({ status: statuses.join(' or '), text });
  const data = expectEnvelope(response.body, status);
  expect(Object.keys(data).sort()).toEqual(['details', 'reason', 'request_id']);
  expect(text).not.toMatch(/node_modules|at \w+ \(|\.ts:|\.js:|SQLITE_|ER_[A-Z]+_|QueryFailed/);
}

async function expectNothingWritten(): Promise<void> {
  const before = rows;
  // What one test let through is not the next one's fault.
  rows = await storedRows(app);
  expect(rows).toEqual(before);
}

describe.each(ROUTES.map((route) => [route.name, route] as const))('%s', (_name, route) => {
  const send = (body: unknown) => route.send(api).send(body as object);
  const raw = (body: string | Buffer, type?: string) => sendRaw(route.send(api), body, type);
  const text = () => JSON.stringify(route.body());
  const nodes = (): JsonNode[] => nodesOf(route.body());
  /** Those whose kind the route decides, and not the client. */
  const typedNodes = () => nodes().filter(({ field }) => field !== '' && !isInside(field, route.objects));
  const strings = () => nodes().filter(({ value }) => typeof value === 'string');

  afterEach(expectNothingWritten);

  it('refuses what is not a JSON object', async () => {
    const bodies = [
      '',
      ' ',
      '{',
      '}',
      '{"a":}',
      '{"a":1,}',
      "{'a':1}",
      '{a:1}',
      '{"a":NaN}',
      '{"a":01}',
      '{}{}',
      '{"a":"\n"}',
      '{"a":"\\x"}',
      'null',
      'true',
      '5',
      '"text"',
      '[]',
      '[{}]',
      '<a/>',
      'a=1',
      text().slice(0, -1),
      `[${text()}]`,
      `${text()}x`,
    ];
    for (const body of bodies) {
      const details = expectError(await raw(body), 400, 'MALFORMED_JSON', 'Request body is not valid JSON');
      expect(details).toEqual([]);
    }
    expectError(await route.send(api).set('Content-Type', 'application/json'), 400, 'MALFORMED_JSON');
  });

  it('refuses bytes that are not UTF-8', async () => {
    const spoilt = [
      Buffer.from('{"a":"\xff\xfe"}', 'latin1'),
      Buffer.from('{"a":"\xc3"}', 'latin1'),
      Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'),
      Buffer.from(text(), 'utf16le'),
      Buffer.from([0]),
    ];
    for (const body of spoilt) expectError(await raw(body), 400, 'MALFORMED_JSON');
  });

  it('refuses other content types', async () => {
    const types = [
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'application/xml',
      'application/merge-patch+json',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'application/jsonx',
      'nonsense',
    ];
    for (const type of types) expectError(await raw(text(), type), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('refuses 300 KB', async () => {
    const members = text().slice(1, -1);
    const bodies = [
      text() + ' '.repeat(300_000),
      `{${members},"more":"${'x'.repeat(300_000)}"}`,
      `{${members},"more":[${'1,'.repeat(150_000)}1]}`,
      'x'.repeat(300_000),
    ];
    for (const body of bodies) expectError(await raw(body), 413, 'PAYLOAD_TOO_LARGE');
    const { method, url } = route.send(api);
    const lines = [`token: ${token}`, 'content-type: application/json', 'transfer-encoding: chunked'];
    const chunks = `${(300_000).toString(16)}\r\n${text().padEnd(300_000)}\r\n0\r\n\r\n`;
    const answer = await exchangeRaw(app.url, head(method, new URL(url).pathname, lines) + chunks);
    expect(expectEnvelope(JSON.parse(answer.body), 413)).toMatchObject({ reason: 'PAYLOAD_TOO_LARGE' });
  });

  it('refuses what unpacks to more than 256 KiB, and what does not unpack', async () => {
    for (const [encoding, body] of BOMBS) {
      expect(body.length).toBeLessThan(256 * 1024);
      const response = await sendRaw(route.send(api).set('Content-Encoding', encoding), body);
      expectError(response, 413, 'PAYLOAD_TOO_LARGE');
    }
    const whole = gzipSync(text());
    for (const body of [whole.subarray(0, -9), Buffer.from(text()), Buffer.alloc(100)]) {
      expectRefusal(await sendRaw(route.send(api).set('Content-Encoding', 'gzip'), body), 400);
    }
    for (const encoding of ['gzip, gzip', 'zstd', 'x', 'gzip, br']) {
      const response = await sendRaw(route.send(api).set('Content-Encoding', encoding), whole);
      expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE');
    }
  });

  it('refuses a wrong type at every depth', async () => {
    const candidates: Json[] = [5, -1.5, true, 'text', [1], {}, { a: { b: [] } }];
    for (const node of typedNodes()) {
      const kind = kindOf(node.value);
      for (const candidate of candidates) {
        if (kindOf(candidate) === kind || (node.value === null && candidate === 'text')) continue;
        if (kind === 'number' && candidate === -1.5) continue;
        const details = expectError(await send(node.with(candidate)), 422, 'VALIDATION_FAILED');
        expect([node.field, details.map(({ field }) => field)]).toEqual([
          node.field,
          expect.arrayContaining([node.field]),
        ]);
      }
    }
  });

  it('refuses an array for an object', async () => {
    for (const { field, value, with: put } of nodes().filter((node) => isObject(node.value))) {
      if (isInside(field, route.objects)) continue;
      const response = await send(put([value]));
      if (field === '') expectError(response, 400, 'MALFORMED_JSON');
      else expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field }]);
    }
  });

  it('refuses members that it does not know, at every depth', async () => {
    const names = ['unknown', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', 'agent-id', '0'];
    for (const { field, value, with: put } of nodes()) {
      if (!isObject(value) || route.objects.includes(field) || isInside(field, route.objects)) continue;
      for (const name of names) {
        const details = expectError(await send(put({ ...value, [name]: 1 })), 422, 'VALIDATION_FAILED');
        expect(details).toMatchObject([{ field: field === '' ? name : `${field}.${name}` }]);
      }
    }
  });

  it('refuses __proto__ at every depth', async () => {
    for (const { value, with: put } of nodes()) {
      if (!isObject(value)) continue;
      for (const proto of [{ polluted: true }, null, 1]) {
        const spoilt = Object.defineProperty({ ...value }, '__proto__', { value: proto, enumerable: true });
        const body = JSON.stringify(put(spoilt));
        expect(body).toContain('"__proto__":');
        expectError(await raw(body), 422, 'VALIDATION_FAILED');
      }
    }
    expect({}).not.toHaveProperty('polluted');
  });

  it('refuses NUL and lone surrogates in every text', async () => {
    for (const node of strings()) {
      for (const unclean of UNCLEAN) {
        const response = await send(node.with(unclean));
        expectRefusal(response, ...(route.texts.includes(node.field) ? [422] : [400, 404, 422]));
      }
    }
    for (const name of route.objects) {
      for (const unclean of UNCLEAN) {
        expectError(await send({ ...route.body(), [name]: { [unclean]: 1 } }), 422, 'VALIDATION_FAILED');
        expectError(await send({ ...route.body(), [name]: { a: [{ b: unclean }] } }), 422, 'VALIDATION_FAILED');
      }
    }
    for (const unclean of UNCLEAN) {
      expectError(await send({ ...route.body(), [unclean]: 1 }), 422, 'VALIDATION_FAILED');
    }
  });

  it('refuses SQL and HTML in every member that is not for any text', async () => {
    for (const node of strings()) {
      if (route.texts.includes(node.field) || isInside(node.field, route.objects)) continue;
      for (const text of SQL_AND_HTML) expectRefusal(await send(node.with(text)), 400, 404, 422);
    }
  });

  it('refuses 10,000 digits everywhere', async () => {
    for (const node of typedNodes()) {
      if (!route.texts.includes(node.field)) {
        const response = await send(node.with(`+${DIGITS}`));
        expectRefusal(response, 400, 404, 422);
        expect(response.text.length).toBeLessThan(MAX_ANSWER_LENGTH);
      }
      for (const literal of [`-${DIGITS}`, `1.5${DIGITS}`]) {
        const response = await raw(JSON.stringify(node.with('@')).replace('"@"', literal));
        expectError(response, 422, 'VALIDATION_FAILED');
      }
    }
  });

  it('refuses texts of 200,000 characters, and does not send them back', async () => {
    for (const { field, value, with: put } of strings()) {
      if (isInside(field, route.objects)) continue;
      const response = await send(put(`${value as string}${'x'.repeat(200_000)}`));
      expectRefusal(response, 400, 404, 422);
      expect(response.text.length).toBeLessThan(MAX_ANSWER_LENGTH);
    }
    const response = await send({ ...route.body(), ['x'.repeat(200_000)]: 1 });
    expectError(response, 422, 'VALIDATION_FAILED');
    expect(response.text.length).toBeLessThan(MAX_ANSWER_LENGTH);
  });

  it('refuses deep nesting', async () => {
    const arrays = '['.repeat(20_000) + ']'.repeat(20_000);
    const objects = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    for (const deep of [arrays, objects]) {
      for (const name of ['more', ...Object.keys(route.body())]) {
        const body = JSON.stringify({ ...route.body(), [name]: '@' }).replace('"@"', deep);
        expectError(await raw(body), 422, 'VALIDATION_FAILED');
      }
    }
    expectError(await raw(arrays), 400, 'MALFORMED_JSON');
    expectRefusal(await raw(objects), 400, 422);
    for (const name of route.objects) {
      const body = JSON.stringify({ ...route.body(), [name]: '@' }).replace(
        '"@"',
        `{"a":`.repeat(50) + '1' + '}'.repeat(50),
      );
      expectError(await raw(body), 422, 'VALIDATION_FAILED');
    }
  });

  it('refuses ten thousand members', async () => {
    const more = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`member_${index}`, index]));
    expectError(await send({ ...route.body(), ...more }), 422, 'VALIDATION_FAILED');
  });
});

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

describe('secrets', () => {
  it('are not sent back by a refusal', async () => {
    const secret = 'very-secret-indeed';
    for (const credentials of [
      { ...SIMULATOR_CREDENTIALS.twilio, auth_token: secret },
      { ...SIMULATOR_CREDENTIALS.twilio, auth_token: [secret] },
      { ...SIMULATOR_CREDENTIALS.twilio, api_key_sid: secret, api_key_secret: secret },
      { ...SIMULATOR_CREDENTIALS.twilio, unknown: secret },
      { ...SIMULATOR_CREDENTIALS.twilio, auth_token: '\0' + secret },
      { account_sid: secret, auth_token: secret },
      [secret],
      secret,
    ]) {
      const response = await api.put('/api/provider/twilio').send({ credentials });
      expectRefusal(response, 400, 422);
      expect(response.text).not.toContain(secret);
    }
    const response = await sendRaw(api.put('/api/provider/twilio'), `{"credentials": {"auth_token": "${secret}"`);
    expect(expectError(response, 400, 'MALFORMED_JSON')).toEqual([]);
    expect(response.text).not.toContain(secret);
    expect(await storedRows(app)).toEqual(rows);
  });
});

describe('paths and queries', () => {
  afterEach(expectNothingWritten);

  const REFUSED = [
    '/api/agent?limit=1&limit=2',
    '/api/agent?cursor=a&cursor=b',
    '/api/phone-number?provider=san&provider=san',
    '/api/phone-number?search=1&search=2',
    '/api/agent?unknown=1',
    '/api/phone-number?unknown=1',
    '/api/provider?unknown=1',
    '/api/provider?limit=1',
    '/api/agent?__proto__=1',
    '/api/agent?constructor=1',
    '/api/agent?__proto__[limit]=1',
    '/api/agent?limit[]=1',
    '/api/agent?limit[a]=1',
    '/api/agent?=1',
    ...['0', '101', '-1', '1.5', '1e1', '0x10', '', '%20', '5%00', 'NaN', 'true', '%zz', DIGITS].flatMap((limit) => [
      `/api/agent?limit=${limit}`,
      `/api/phone-number?limit=${limit}`,
    ]),
    ...['x', '%00', '%ED%A0%80', 'e30', "'%20OR%201=1%20--", DIGITS].flatMap((cursor) => [
      `/api/agent?cursor=${cursor}`,
      `/api/phone-number?cursor=${cursor}`,
    ]),
    '/api/phone-number?provider=SAN',
    "/api/phone-number?provider=san'%20OR%20'1'='1",
    '/api/phone-number?status=attached',
    '/api/phone-number?purpose=test',
    '/api/phone-number?available=maybe',
    '/api/phone-number?available=1',
    '/api/phone-number?country=IND',
    '/api/phone-number?country=%00%00',
    '/api/phone-number?search=%25',
    '/api/phone-number?search=1_2',
    "/api/phone-number?search=1'--",
    `/api/phone-number?search=${DIGITS}`,
  ];
  it.each(REFUSED.map((path) => [path.slice(0, 70), path]))('GET %s is 422', async (_shown, path) => {
    const response = await api.get(path);
    expectError(response, 422, 'VALIDATION_FAILED');
    expect(response.text.length).toBeLessThan(MAX_ANSWER_LENGTH);
  });

  const NOT_FOUND: [string, number, ErrorReason][] = [
    ['/api/agent/x', 404, 'AGENT_NOT_FOUND'],
    ['/api/agent/%00', 404, 'AGENT_NOT_FOUND'],
    ["/api/agent/x'%20OR%20'1'='1", 404, 'AGENT_NOT_FOUND'],
    ['/api/agent/__proto__', 404, 'AGENT_NOT_FOUND'],
    [`/api/agent/${DIGITS}`, 404, 'AGENT_NOT_FOUND'],
    [`/api/phone-number/+${DIGITS}`, 400, 'INVALID_PHONE_NUMBER_FORMAT'],
    ['/api/phone-number/%00', 400, 'INVALID_PHONE_NUMBER_FORMAT'],
    ["/api/phone-number/+918062810342'%20OR%20'1'='1", 400, 'INVALID_PHONE_NUMBER_FORMAT'],
    ['/api/phone-number/+918062810342%20', 400, 'INVALID_PHONE_NUMBER_FORMAT'],
    ['/api/phone-number/+918062810342%00/route', 400, 'INVALID_PHONE_NUMBER_FORMAT'],
    ['/api/provider/__proto__', 404, 'PROVIDER_NOT_FOUND'],
    ['/api/provider/constructor', 404, 'PROVIDER_NOT_FOUND'],
    ['/api/provider/SAN', 404, 'PROVIDER_NOT_FOUND'],
    ['/api/provider/san%00', 404, 'PROVIDER_NOT_FOUND'],
  ];
  it.each(NOT_FOUND.map(([path, ...expected]) => [path.slice(0, 70), ...expected, path] as const))(
    'GET %s is %i %s',
    async (_shown, status, reason, path) => {
      expectError(await api.get(path), status, reason);
    },
  );

  it.each(['/api/agent/%', '/api/agent/%zz', '/api/phone-number/%ED%A0%80', '/api/provider/%C0%80', '/api/%FF'])(
    'GET %s is refused',
    async (path) => {
      const { status, body } = await exchangeRaw(app.url, head('GET', path, [`token: ${token}`]));
      expect([400, 404]).toContain(status);
      expectEnvelope(JSON.parse(body), status);
    },
  );

  it.each(['attach', 'detach'])('%s takes no parameter twice, and none that it does not know', async (verb) => {
    const body = { agent_id: agentId, numbers: [verb === 'attach' ? NUMBER : ATTACHED] };
    for (const query of ['dry_run=true&dry_run=true', 'dry_run=true&dry_run=false', 'dry_run[]=true', 'unknown=1']) {
      const request = api.post(`/api/agent/${verb}-phone-number`).query(query);
      const response = await request.send(verb === 'attach' ? { ...body, provider: 'san' } : body);
      expectError(response, 422, 'VALIDATION_FAILED');
    }
  });

  it.each(['detach=true&detach=true', 'detach=yes', 'detach=', 'unknown=1'])(
    'DELETE of an agent with ?%s is 422',
    async (query) => {
      expectError(await api.delete(`/api/agent/${agentId}?${query}`), 422, 'VALIDATION_FAILED');
    },
  );
});

describe('headers', () => {
  const body = () => JSON.stringify({ agent_id: agentId, numbers: [ATTACHED] });
  const PATH = '/api/agent/detach-phone-number';

  afterEach(expectNothingWritten);

  it('a token that is sent twice in one header is none', async () => {
    const request = head('POST', PATH, [`token: ${token}`, `token: ${token}`, ...lengthOf(body())]) + body();
    const answer = await exchangeRaw(app.url, request);
    expectEnvelope(JSON.parse(answer.body), 401);
  });

  it.each<[string, () => string[]]>([
    ['two lengths', () => ['content-length: 5', `content-length: ${body().length}`]],
    ['a length and chunks', () => [`content-length: ${body().length}`, 'transfer-encoding: chunked']],
    ['a length that is none', () => ['content-length: abc']],
    ['a negative length', () => ['content-length: -5']],
    ['a header without a name', () => [': x', `content-length: ${body().length}`]],
    ['a header with NUL', () => ['x-a: a\0b', `content-length: ${body().length}`]],
    ['folded lines', () => ['x-a: a\r\n b: c', `content-length: ${body().length}`]],
  ])('%s: 400', async (_what, lines) => {
    const type = 'content-type: application/json';
    const answer = await exchangeRaw(app.url, head('POST', PATH, [`token: ${token}`, type, ...lines()]) + body());
    expect(answer.status).toBe(400);
    expectEnvelope(JSON.parse(answer.body), 400);
    expect(answer.headers.filter((line) => /^x-request-id: [A-Za-z0-9._-]{1,128}$/i.test(line))).toHaveLength(1);
  });

  it('20 KB of headers: 431', async () => {
    const answer = await exchangeRaw(app.url, head('GET', '/api/agent', [`x-a: ${'a'.repeat(20_000)}`]));
    expect(answer.status).toBe(431);
    expectEnvelope(JSON.parse(answer.body), 431);
  });

  it('two content types are taken by the first or not at all', async () => {
    const types = ['content-type: text/plain', 'content-type: application/json'];
    const request = head('POST', PATH, [`token: ${token}`, ...types, `content-length: ${body().length}`]) + body();
    expectEnvelope(JSON.parse((await exchangeRaw(app.url, request)).body), 415);
  });

  it('two encodings are refused', async () => {
    const encodings = ['content-encoding: gzip', 'content-encoding: gzip'];
    const lines = [`token: ${token}`, ...encodings, ...lengthOf(body())];
    expectEnvelope(JSON.parse((await exchangeRaw(app.url, head('POST', PATH, lines) + body())).body), 415);
  });
});

function lengthOf(body: string): string[] {
  return ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`];
}

function head(method: string, path: string, lines: readonly string[]): string {
  return [`${method} ${path} HTTP/1.1`, 'host: localhost', 'connection: close', ...lines, '', ''].join('\r\n');
}

describe('what is no fault', () => {
  it('SQL and HTML in a text are kept as they are', async () => {
    for (const text of SQL_AND_HTML) {
      const settings = { [text]: [text, { a: text }] };
      const given = {
        agent_name: text,
        description: text,
        prompt: text,
        greeting: text,
        fallback: { type: 'message', text },
        voice: settings,
        configurations: settings,
      };
      const created = withoutSecret(expectSuccess(await api.post('/api/agent').send(given), 201));
      expect(created).toMatchObject(given);
      expect(expectSuccess(await api.get(`/api/agent/${String(created.agent_id)}`), 200)).toEqual(created);
      const labelled = await api.patch(`/api/phone-number/${ATTACHED}`).send({ label: text });
      expect(expectSuccess(labelled, 200)).toMatchObject({ label: text });
    }
    const tables = await storedRows(app);
    expect(tables.agent).toHaveLength((rows.agent?.length ?? 0) + SQL_AND_HTML.length);
    expect(tables.phone_number).toHaveLength(rows.phone_number?.length ?? 0);
  });

  it.each(['Ünïcödé ✓', '电话', '👩‍👩‍👧‍👦', '\u202eright to left', 'e\u0301'])('%s comes back as it was', async (text) => {
    const given = { agent_name: text, prompt: text, voice: { [text]: text } };
    const created = expectSuccess(await api.post('/api/agent').send(given), 201);
    expect(expectSuccess(await api.get(`/api/agent/${String(created.agent_id)}`), 200)).toMatchObject(given);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"'])(
    'the content type %s is taken',
    async (type) => {
      expectSuccess(await sendRaw(api.post('/api/agent'), '{"agent_name":"x"}', type), 201);
    },
  );

  it('a packed body is unpacked', async () => {
    const request = api.post('/api/agent').set('Content-Encoding', 'gzip');
    expectSuccess(await sendRaw(request, gzipSync('{"agent_name":"packed"}')), 201);
  });

  it.each(ROUTES.map((route) => [route.name, route] as const))(
    '%s takes its body without a fault',
    async (_, route) => {
      const response = await route.send(api).send(route.body());
      expect({ status: response.status, body: response.body as unknown }).toMatchObject({
        status: route.name.startsWith('POST') && !route.name.includes('tach') ? 201 : 200,
        body: { error: false },
      });
    },
  );
});
