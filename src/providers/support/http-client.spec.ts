import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VendorRequest } from '../contract/http';
import { ProviderError } from '../contract/provider-error';
import { HttpClient, type HttpClientOptions } from './http-client';
import type { VendorObserver } from './vendor-observer';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Reply = (response: ServerResponse) => void;

const VENDOR_URL = 'https://api.example.com/v1/things?page=2';

describe('HttpClient', () => {
  let server: Server;
  let origin: string;
  let reply: Reply;
  let received: Received[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
        reply(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    received = [];
    reply = (response) => response.end('{"ok":true}');
  });

  const client = (options: Partial<HttpClientOptions> = {}) =>
    new HttpClient({ vendor: 'acme', baseUrl: origin, ...options });

  const answer =
    (status: number, headers: Record<string, string> = {}, body = ''): Reply =>
    (response) =>
      response.writeHead(status, headers).end(body);

  async function failure(promise: Promise<unknown>): Promise<ProviderError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ProviderError)) throw new Error(`Expected a ProviderError, got ${String(error)}`);
    return error;
  }

  it('replaces scheme, host and port, keeping path and query', async () => {
    const response = await client().send({ method: 'GET', url: VENDOR_URL });
    expect(response.status).toBe(200);
    expect(response.json).toEqual({ ok: true });
    expect(received[0]).toMatchObject({ method: 'GET', path: '/v1/things?page=2', body: '' });
  });

  it("puts the base's own path in front", async () => {
    await client({ baseUrl: `${origin}/gateway/acme/` }).send({ method: 'GET', url: VENDOR_URL });
    expect(received[0]?.path).toBe('/gateway/acme/v1/things?page=2');
  });

  it('asks the URL itself where there is no base', async () => {
    await client({ baseUrl: undefined }).send({ method: 'GET', url: `${origin}/own` });
    expect(received[0]?.path).toBe('/own');
  });

  it('sends a form', async () => {
    await client().send({
      method: 'POST',
      url: VENDOR_URL,
      form: { To: '+1 2', Url: 'https://a.example/?b=c&d', E: '' },
    });
    expect(received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
    expect(received[0]?.body).toBe('To=%2B1+2&Url=https%3A%2F%2Fa.example%2F%3Fb%3Dc%26d&E=');
  });

  it('sends JSON and the headers given', async () => {
    await client().send({
      method: 'PUT',
      url: VENDOR_URL,
      json: { a: [1, 'é'] },
      headers: { Accept: 'text/plain', Key: 'k' },
    });
    expect(received[0]?.headers).toMatchObject({ 'content-type': 'application/json', accept: 'text/plain', key: 'k' });
    expect(received[0]?.body).toBe('{"a":[1,"é"]}');
  });

  it('hands on a 4xx and a body that is not JSON', async () => {
    reply = answer(404, { 'X-Thing': '7' }, '<html>');
    const response = await client().send({ method: 'GET', url: VENDOR_URL });
    expect(response).toMatchObject({ status: 404, text: '<html>', json: undefined });
    expect(response.headers.get('x-thing')).toBe('7');
  });

  it.each([500, 502, 503, 504])('throws transient for %i', async (status) => {
    reply = answer(status, {}, 'secret page');
    const error = await failure(client().send({ method: 'GET', url: VENDOR_URL }));
    expect(error).toMatchObject({ kind: 'transient', httpStatus: status, timedOut: false });
  });

  // The example date of https://www.rfc-editor.org/rfc/rfc9110#field.retry-after is 1999-12-31T23:59:59Z.
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['86400', 600_000],
    ['Fri, 31 Dec 1999 23:59:59 GMT', 59_000],
    ['Fri, 31 Dec 1999 22:00:00 GMT', 0],
    ['soon', undefined],
  ])('throws rate_limited for 429 with Retry-After %s', async (header, expected) => {
    reply = answer(429, { 'Retry-After': header });
    const clock = { now: () => Date.UTC(1999, 11, 31, 23, 59, 0) };
    const error = await failure(client({ clock }).send({ method: 'GET', url: VENDOR_URL }));
    expect(error).toMatchObject({ kind: 'rate_limited', httpStatus: 429, retryAfterMs: expected });
  });

  it('repeats a name for each value of a list', async () => {
    await client().send({ method: 'POST', url: VENDOR_URL, form: { Event: ['ringing', 'answered'], To: '+1' } });
    expect(received[0]?.body).toBe('Event=ringing&Event=answered&To=%2B1');
  });

  it('sends XML', async () => {
    await client().send({ method: 'PUT', url: VENDOR_URL, xml: '<a>é</a>', headers: { accept: 'application/xml' } });
    expect(received[0]?.headers).toMatchObject({ 'content-type': 'application/xml', accept: 'application/xml' });
    expect(received[0]?.body).toBe('<a>é</a>');
  });

  it('says whether a change may have been made all the same', async () => {
    const outcome = async (request: Partial<VendorRequest> & Pick<VendorRequest, 'method'>, next: Reply) => {
      reply = next;
      const error = await failure(client({ timeoutMs: 200 }).send({ url: VENDOR_URL, ...request }));
      return error.isOutcomeUnknown;
    };
    expect(await outcome({ method: 'POST' }, answer(502))).toBe(true);
    expect(await outcome({ method: 'POST' }, (response) => response.destroy())).toBe(true);
    expect(await outcome({ method: 'PUT' }, () => undefined)).toBe(true);
    expect(await outcome({ method: 'GET', retry: 'never' }, answer(502))).toBe(true);
    expect(await outcome({ method: 'GET' }, answer(502))).toBe(false);
    expect(await outcome({ method: 'POST' }, answer(429))).toBe(false);
    expect(await outcome({ method: 'POST', signal: AbortSignal.abort() }, answer(200))).toBe(false);
  });

  it('keeps connections open', async () => {
    const ports = new Set<number | undefined>();
    const onRequest = ({ socket }: IncomingMessage) => ports.add(socket.remotePort);
    server.on('request', onRequest);
    const one = client();
    for (let count = 0; count < 20; count++) await one.send({ method: 'GET', url: VENDOR_URL });
    server.off('request', onRequest);
    expect(ports.size).toBeLessThanOrEqual(2);
    await one.close();
  });

  it('takes a redirect for an error and does not follow it', async () => {
    reply = answer(302, { Location: `${origin}/elsewhere` });
    const error = await failure(client().send({ method: 'GET', url: VENDOR_URL }));
    expect(error).toMatchObject({ kind: 'permanent', httpStatus: 302 });
    expect(received).toHaveLength(1);
  });

  it('throws transient, timed out, when the answer does not come', async () => {
    reply = () => undefined;
    const error = await failure(client({ timeoutMs: 20 }).send({ method: 'GET', url: VENDOR_URL }));
    expect(error).toMatchObject({ kind: 'transient', timedOut: true });
  });

  it('throws transient, timed out, when the body stops half way', async () => {
    reply = (response) => response.writeHead(200).write('{"half":');
    const error = await failure(client({ timeoutMs: 50 }).send({ method: 'GET', url: VENDOR_URL }));
    expect(error).toMatchObject({ kind: 'transient', timedOut: true });
  });

  it("obeys the caller's signal, which may be a time limit", async () => {
    reply = () => undefined;
    const given = new AbortController();
    const pending = failure(client().send({ method: 'GET', url: VENDOR_URL, signal: given.signal }));
    given.abort();
    expect(await pending).toMatchObject({ kind: 'transient', timedOut: false });
    const limited = client().send({ method: 'GET', url: VENDOR_URL, signal: AbortSignal.timeout(20) });
    expect(await failure(limited)).toMatchObject({ kind: 'transient', timedOut: true });
  });

  it('reads no more than the size limit', async () => {
    reply = answer(200, {}, 'x'.repeat(101));
    expect(await failure(client({ maxBytes: 100 }).send({ method: 'GET', url: VENDOR_URL }))).toMatchObject({
      kind: 'transient',
      timedOut: false,
    });
    reply = answer(200, {}, 'x'.repeat(100));
    expect((await client({ maxBytes: 100 }).send({ method: 'GET', url: VENDOR_URL })).text).toHaveLength(100);
  });

  it('throws transient with the system code when nobody listens', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => other.close(resolve));
    const error = await failure(
      client({ baseUrl: `http://127.0.0.1:${port}` }).send({ method: 'GET', url: VENDOR_URL }),
    );
    expect(error.kind).toBe('transient');
    expect(error.message).toBe('acme could not be reached (ECONNREFUSED)');
    expect(error.isOutcomeUnknown).toBe(false);
    const unsent = client({ baseUrl: `http://127.0.0.1:${port}` }).send({ method: 'POST', url: VENDOR_URL });
    expect((await failure(unsent)).isOutcomeUnknown).toBe(false);
  });

  it('throws transient when the connection is cut', async () => {
    reply = (response) => response.destroy();
    expect(await failure(client().send({ method: 'GET', url: VENDOR_URL }))).toMatchObject({ kind: 'transient' });
  });

  it('tells nothing of the URL, headers or body in its errors', async () => {
    const requests = [
      { method: 'GET', url: `${VENDOR_URL}&key=SECRET`, headers: { Authorization: 'SEC\nSECRET' } },
      { method: 'GET', url: 'not a url SECRET' },
      { method: 'POST', url: 'https://SECRET:SECRET@api.example.com/', json: { a: 'SECRET' } },
    ] as const;
    for (const request of requests) {
      const error = await failure(client({ baseUrl: undefined }).send(request));
      expect(error.kind).toBe('permanent');
      expect(error.cause).toBeUndefined();
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('SECRET');
    }
  });

  it('refuses private addresses where the host is the customer’s', async () => {
    const guarded = client({ baseUrl: undefined, publicOnly: true });
    // https://url.spec.whatwg.org/#concept-ipv4-parser turns the last three into 127.0.0.1.
    const urls = [
      `${origin}/gentoken`,
      'http://localhost/gentoken',
      'http://[::1]/',
      'http://169.254.169.254/',
      'http://[::ffff:127.0.0.1]/',
      'http://127.1/',
      'http://0x7f000001/',
      'http://2130706433/',
    ];
    for (const url of urls) {
      expect(await failure(guarded.send({ method: 'POST', url }))).toMatchObject({ kind: 'permanent' });
    }
    expect(received).toHaveLength(0);
  });

  it('reports how each call ended', async () => {
    const observe = jest.fn<void, Parameters<VendorObserver>>();
    const observed = client({ observe, timeoutMs: 200 });
    const replies: Reply[] = [answer(200), answer(400), answer(429), answer(500), answer(301), () => undefined];
    for (const next of replies) {
      reply = next;
      await observed.send({ method: 'GET', url: VENDOR_URL }).catch(() => undefined);
    }
    expect(observe.mock.calls.map(([vendor, method, outcome]) => [vendor, method, outcome])).toEqual([
      ['acme', 'GET', 'ok'],
      ['acme', 'GET', 'refused'],
      ['acme', 'GET', 'rate_limited'],
      ['acme', 'GET', 'transient'],
      ['acme', 'GET', 'permanent'],
      ['acme', 'GET', 'timeout'],
    ]);
    const seconds = observe.mock.calls.map((call) => call[3]);
    expect(seconds.every((value) => value >= 0 && value < 5)).toBe(true);
    expect(seconds[5]).toBeGreaterThan(0.15);
  });
});
