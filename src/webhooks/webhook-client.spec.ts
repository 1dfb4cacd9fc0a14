import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '../common/clock';
import { WebhookClient } from './webhook-client';
import type { WebhookRequest } from './webhook-reply';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = '{"id":"msg_1","type":"call.ended","data":{}}';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

describe('WebhookClient', () => {
  let server: Server;
  let origin: string;
  let handler: Handler;
  let requests: { readonly request: IncomingMessage; readonly body: string }[];
  let client: WebhookClient;
  let strict: WebhookClient;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        requests.push({ request, body });
        handler(request, response, body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    requests = [];
    handler = (_request, response) => response.end('ok');
    client = new WebhookClient({ allowPrivateUrls: true }, systemClock);
    strict = new WebhookClient({ allowPrivateUrls: false }, systemClock);
  });
  afterEach(() => Promise.all([client.close(), strict.close()]));

  const post = (url: string, options: Partial<WebhookRequest> = {}, by = client) =>
    by.post(url, { id: 'msg_1', body: BODY, secrets: [SECRET], timeoutMs: 5_000, maxBytes: 1_024, ...options });

  it('posts the body with headers that the reference library accepts', async () => {
    expect(await post(`${origin}/hook?a=1`)).toEqual({
      kind: 'answered',
      statusCode: 200,
      latencyMs: expect.any(Number) as number,
      response: 'ok',
      isWhole: true,
      retryAfterMs: undefined,
    });
    const [{ request, body } = { request: undefined, body: '' }] = requests;
    expect(request).toMatchObject({ method: 'POST', url: '/hook?a=1' });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'msg_1' });
    expect(request?.headers.authorization).toBeUndefined();
    expect(new Webhook(SECRET).verify(body, request?.headers as Record<string, string>)).toEqual(JSON.parse(BODY));
  });

  it("hands the URL's name and password on as Basic", async () => {
    await post(origin.replace('//', '//user:p%40ss@'));
    // base64 of `user:p@ss`.
    expect(requests[0]?.request.headers.authorization).toBe('Basic dXNlcjpwQHNz');
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with %s', async (status) => {
    handler = (_request, response) => response.writeHead(status, { location: `${origin}/elsewhere` }).end();
    expect(await post(`${origin}/hook`)).toMatchObject({ kind: 'answered', statusCode: status });
    expect(requests.map(({ request }) => request.url)).toEqual(['/hook']);
  });

  it('tells what Retry-After asks for', async () => {
    handler = (_request, response) => response.writeHead(503, { 'retry-after': '7' }).end();
    expect(await post(origin)).toMatchObject({ statusCode: 503, retryAfterMs: 7_000 });
  });

  it('reads no more than it was told, and leaves out a character that the cut halves', async () => {
    handler = (_request, response) => response.end(`${'x'.repeat(1_023)}é and more`);
    expect(await post(origin)).toMatchObject({ response: 'x'.repeat(1_023), isWhole: false });
    handler = (_request, response) => response.end('y'.repeat(1_024));
    expect(await post(origin)).toMatchObject({ response: 'y'.repeat(1_024), isWhole: true });
  });

  it('lets go of an endless body', async () => {
    const closed = new Promise<void>((resolve) => {
      handler = (_request, response) => {
        const timer = setInterval(() => response.write('z'.repeat(16 * 1_024)), 1);
        response.on('close', () => {
          clearInterval(timer);
          resolve();
        });
      };
    });
    expect(await post(origin)).toMatchObject({ statusCode: 200, response: 'z'.repeat(1_024), isWhole: false });
    await closed;
  });

  it('waits for a slow body no longer than it was told', async () => {
    handler = (_request, response) => response.write('the beginning');
    const startedAt = performance.now();
    expect(await post(origin, { bodyMs: 50 })).toMatchObject({ response: 'the beginning', isWhole: false });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('gives up at its time limit, whether nothing is answered or not all of it', async () => {
    handler = () => undefined;
    expect(await post(origin, { timeoutMs: 50 })).toMatchObject({ kind: 'failed', error: 'timeout' });
    handler = (_request, response) => response.write('half');
    expect(await post(origin, { timeoutMs: 200 })).toMatchObject({ statusCode: 200, isWhole: false });
  });

  it('uses a connection again', async () => {
    const ports = new Set<number | undefined>();
    handler = (request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    };
    for (let turn = 0; turn < 10; turn++) await post(origin);
    // A connection is free for others only shortly after its answer has been read.
    expect(ports.size).toBeLessThan(5);
  });

  it('does not let one request wait for another to the same host', async () => {
    handler = (request, response) => {
      if (request.url === '/slow') return;
      response.end();
    };
    const slow = Array.from({ length: 200 }, () => post(`${origin}/slow`, { timeoutMs: 1_500 }));
    const quick = await post(`${origin}/quick`);
    expect(quick).toMatchObject({ statusCode: 200 });
    expect(quick.latencyMs).toBeLessThan(1_000);
    await Promise.all(slow);
  });

  it('names what kept an answer away', async () => {
    expect(await post('http://127.0.0.1:1/')).toMatchObject({ kind: 'failed', error: 'connection_refused' });
    expect(await post('http://nowhere.invalid/')).toMatchObject({ error: 'host_not_found' });
    expect(await post(origin.replace('http:', 'https:'))).toMatchObject({ error: 'tls_failed' });
    expect(await post('not a URL')).toMatchObject({ error: 'invalid_url' });
    expect(await post('ftp://example.com/')).toMatchObject({ error: 'invalid_url' });
    expect(await post(origin, { secrets: [] })).toMatchObject({ error: 'no_secret' });
    expect(requests).toEqual([]);
  });

  it('names a connection that is cut', async () => {
    const cutting: TcpServer = createTcpServer((socket: Socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve));
    const { port } = cutting.address() as AddressInfo;
    expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ error: 'connection_reset' });
    await new Promise((resolve) => cutting.close(resolve));
  });

  describe('where private addresses are refused', () => {
    it.each([
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://10.1.2.3/',
      'https://169.254.169.254/latest/meta-data/',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://[::ffff:a00:1]/',
      'https://[fd00::1]/',
      'https://localhost/',
    ])('does not connect to %s', async (url) => {
      const { port } = new URL(origin);
      const withPort = new URL(url);
      withPort.port = port;
      expect(await post(withPort.href, {}, strict)).toMatchObject({ kind: 'failed', error: 'private_address' });
      expect(requests).toEqual([]);
    });

    it('takes https alone', async () => {
      expect(await post('http://example.com/', {}, strict)).toMatchObject({ error: 'https_required' });
    });
  });

  it('ends what is under way when the process stops, and begins nothing more', async () => {
    const arrived = new Promise<void>((resolve) => {
      handler = () => resolve();
    });
    const pending = post(origin);
    await arrived;
    await client.close();
    expect(await pending).toMatchObject({ error: 'aborted' });
    expect(await post(origin)).toMatchObject({ error: 'aborted' });
  });
});
