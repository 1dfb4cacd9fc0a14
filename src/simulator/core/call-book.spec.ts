import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallProtocol, OutgoingRequest, SimCall, SimCallStatus, Understood } from './call';
import { CallBook } from './call-book';
import { BadInput } from './input';

const FROM = '+14155550100';
const TO = '+14155550123';
/** The port of tcpmux, which nobody uses. */
const NOBODY: OutgoingRequest = { method: 'GET', url: 'http://127.0.0.1:1/', headers: {} };
const STREAM: Understood = { action: 'stream', url: 'wss://agent.example/', parameters: {} };

describe('CallBook', () => {
  let server: Server;
  let url: string;
  let isReachable: boolean;
  let received: string[];
  let understood: Understood[];
  let hasFallback: boolean;
  let told: Set<SimCallStatus>;
  let leadsNowhere: boolean;
  let now: number;
  let book: CallBook;

  beforeAll(async () => {
    server = createServer((request, response) => {
      received.push(`${request.method} ${request.url}`);
      response.writeHead(200, { 'Content-Type': 'text/xml' }).end('<Response/>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (path: string): OutgoingRequest => ({ method: 'GET', url: url + path, headers: {} });
  const protocol: CallProtocol = {
    open(_from, to) {
      if (to !== TO) throw new BadInput('nobody holds it');
      return { id: 'call-1', account: 'acc', details: {} };
    },
    documentRequest: () => (leadsNowhere ? null : isReachable ? get('/answer') : NOBODY),
    understand: () => understood.shift() ?? STREAM,
    fallbackRequest: () => (hasFallback ? get('/fallback') : null),
    statusRequest: (_call: SimCall, status: SimCallStatus) => (told.has(status) ? get(`/status/${status}`) : null),
  };

  beforeEach(() => {
    isReachable = true;
    received = [];
    understood = [];
    hasFallback = false;
    told = new Set(['ringing', 'in_progress', 'completed', 'busy', 'failed']);
    leadsNowhere = false;
    now = 1_000_000;
    book = new CallBook(protocol, () => now);
  });

  async function settled(id: string, status: SimCallStatus): Promise<SimCall> {
    for (let turn = 0; turn < 1_000; turn++) {
      const call = book.find(id);
      const isTold = call?.exchanges.some(({ call_status: told }) => told === status);
      // A request that is still under way would be counted by the next test.
      const isFollowed = status !== 'in_progress' || call?.understood;
      if (call?.status === status && isTold && isFollowed) return call;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`the call is ${book.find(id)?.status ?? 'unknown'}, not ${status}`);
  }

  it('asks for the document of a call from outside and is under way with it', async () => {
    const call = await book.receive(FROM, TO);
    expect(call).toMatchObject({ direction: 'inbound', status: 'in_progress', answered_at: now, understood: STREAM });
    expect(received).toEqual(['GET /answer', 'GET /status/in_progress']);
  });

  it('ends a call with the length it is told', async () => {
    const { id } = await book.receive(FROM, TO);
    const ended = await book.end(id, { status: 'completed', duration_s: 42 });
    expect(ended).toMatchObject({ status: 'completed', ended_at: 1_042_000 });
    expect(received.at(-1)).toBe('GET /status/completed');
    await expect(book.end(id, { status: 'completed' })).rejects.toBeInstanceOf(BadInput);
  });

  it.each<[Understood, SimCallStatus]>([
    [{ action: 'say', text: 'Sorry', language: null }, 'completed'],
    [{ action: 'hangup' }, 'completed'],
    [{ action: 'reject', reason: 'busy' }, 'busy'],
    [{ action: 'reject', reason: 'rejected' }, 'failed'],
    [{ action: 'invalid', error: 'no XML' }, 'failed'],
  ])('has nobody to wait for after %j', async (what, status) => {
    understood = [what];
    expect(await book.receive(FROM, TO)).toMatchObject({ status });
  });

  it('fails a call that leads nowhere, or whose request is not answered', async () => {
    leadsNowhere = true;
    expect(await book.receive(FROM, TO)).toMatchObject({ status: 'failed', understood: null });
    leadsNowhere = false;
    isReachable = false;
    const call = await book.receive(FROM, TO);
    expect(call.exchanges[0]).toMatchObject({ purpose: 'document', http_status: null });
    expect(call.status).toBe('failed');
  });

  it('asks the fallback for a document where the first one is not valid', async () => {
    hasFallback = true;
    understood = [{ action: 'invalid', error: 'no XML' }];
    expect(await book.receive(FROM, TO)).toMatchObject({ status: 'in_progress', understood: STREAM });
    expect(received.slice(0, 2)).toEqual(['GET /answer', 'GET /fallback']);
  });

  it('tells of a placed call before it rings, where the vendor does', async () => {
    told.add('queued');
    book.place({ id: 'call-5', account: 'acc', from: TO, to: FROM, details: {} });
    await settled('call-5', 'in_progress');
    expect(received.slice(0, 3)).toEqual(['GET /status/queued', 'GET /status/ringing', 'GET /status/in_progress']);
  });

  it('knows nothing of a number that nobody holds', async () => {
    await expect(book.receive(FROM, '+14155559999')).rejects.toBeInstanceOf(BadInput);
  });

  it('rings, is answered and asks for the document, after the API has answered', async () => {
    const placed = book.place({ id: 'call-2', account: 'acc', from: TO, to: FROM, details: {} });
    expect(placed.status).toBe('queued');
    expect(received).toEqual([]);
    const call = await settled('call-2', 'in_progress');
    expect(received).toEqual(['GET /status/ringing', 'GET /status/in_progress', 'GET /answer']);
    expect(call.direction).toBe('outbound');
  });

  it('ends a placed call as it was told to, before anybody picks up', async () => {
    book.setOutcome(FROM, 'busy');
    book.place({ id: 'call-3', account: 'acc', from: TO, to: FROM, details: {} });
    await settled('call-3', 'busy');
    expect(received).toEqual(['GET /status/ringing', 'GET /status/busy']);
    book.setOutcome(FROM, null);
    book.place({ id: 'call-4', account: 'acc', from: TO, to: FROM, details: {} });
    await settled('call-4', 'in_progress');
  });
});
