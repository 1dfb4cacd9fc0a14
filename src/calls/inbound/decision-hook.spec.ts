import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import type { AgentWebhooks } from '../../agents/agent-webhooks.service';
import { WebhookClient } from '../../webhooks/webhook-client';
import type { WebhookReply, WebhookRequest } from '../../webhooks/webhook-reply';
import { type HookQuestion, InboundHook } from './decision-hook';

const NOW = Date.UTC(2026, 10, 24, 8);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const QUESTION: HookQuestion = {
  url: 'https://agent.example/inbound',
  accountId: 'acct_01k3y7m2n4p6q8r0s2t4v6w8x2',
  agentId: 'agent_01k3y7m2n4p6q8r0s2t4v6w8x0',
  callId: 'call_01k3y7m2n4p6q8r0s2t4v6w8x1',
  from: '+12025550147',
  to: '+14165551234',
  provider: 'twilio',
};

type Post = (url: string, request: WebhookRequest) => Promise<WebhookReply>;

/** @param secretsOf by default the agent has two, as while one takes the other's place */
function hookWith(post: Post, secretsOf = () => Promise.resolve<readonly string[]>([SECRET, OTHER_SECRET])) {
  const webhooks = { secretsOf } as unknown as AgentWebhooks;
  return new InboundHook({ now: () => NOW }, webhooks, { post } as unknown as WebhookClient);
}

const answered = (statusCode: number, response: string, isWhole = true): WebhookReply => ({
  kind: 'answered',
  statusCode,
  latencyMs: 1,
  response,
  isWhole,
  retryAfterMs: undefined,
});

beforeAll(() => {
  Logger.overrideLogger(false);
});
afterEach(() => jest.useRealTimers());

describe('InboundHook', () => {
  it.each<[string, WebhookReply, object]>([
    ['an order', answered(200, '{"action":"reject","reason":"busy"}'), { kind: 'reject', reason: 'busy' }],
    ['no order', answered(204, ''), { kind: 'normal', fault: null }],
    ['a status', answered(500, '{}'), { kind: 'normal', fault: 'bad_status' }],
    ['no JSON', answered(200, 'ok'), { kind: 'normal', fault: 'bad_json' }],
    ['another order', answered(200, '{"action":"hold"}'), { kind: 'normal', fault: 'bad_answer' }],
    ['half an answer', answered(200, '{"action":"reject"}', false), { kind: 'normal', fault: 'timeout' }],
    ['too much', answered(200, 'x'.repeat(65_536), false), { kind: 'normal', fault: 'too_long' }],
    ['too much, with a halved character', answered(200, 'x'.repeat(65_533), false), { fault: 'too_long' }],
    ['nothing', { kind: 'failed', error: 'private_address', latencyMs: 1 }, { fault: 'private_address' }],
  ])('makes the best of %s', async (_what, reply, expected) => {
    expect(await hookWith(() => Promise.resolve(reply)).ask(QUESTION)).toMatchObject(expected);
  });

  it('asks nobody without a secret to sign with', async () => {
    const post = jest.fn<Promise<WebhookReply>, Parameters<Post>>();
    const none = { kind: 'normal', fault: 'no_secret' };
    expect(await hookWith(post, () => Promise.resolve([])).ask(QUESTION)).toEqual(none);
    expect(await hookWith(post, () => Promise.reject(new Error('connect ECONNREFUSED'))).ask(QUESTION)).toEqual(none);
    expect(post).not.toHaveBeenCalled();
  });

  it('leaves the answer what is left of three seconds', async () => {
    jest.useFakeTimers();
    const limits: number[] = [];
    const post: Post = (_url, { timeoutMs, maxBytes }) => {
      limits.push(timeoutMs, maxBytes);
      return Promise.resolve(answered(204, ''));
    };
    const slow = () => {
      jest.advanceTimersByTime(1_200);
      return Promise.resolve([SECRET]);
    };
    await hookWith(post).ask(QUESTION);
    await hookWith(post, slow).ask(QUESTION);
    expect(limits).toEqual([3_000, 65_536, 1_800, 65_536]);
  });

  it('waits for the secrets no longer than that', async () => {
    jest.useFakeTimers();
    const asked = hookWith(
      () => Promise.resolve(answered(204, '')),
      () => new Promise(() => undefined),
    ).ask(QUESTION);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await asked).toEqual({ kind: 'normal', fault: 'no_secret' });
  });
});

describe('InboundHook over HTTP', () => {
  let server: Server;
  let url: string;
  let handler: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  let client: WebhookClient;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => handler(request, response, Buffer.concat(chunks).toString()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbound`;
    client = new WebhookClient({ allowPrivateUrls: true }, { now: () => Date.now() });
  });
  afterAll(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const ask = (question: Partial<HookQuestion> = {}) =>
    hookWith(client.post.bind(client)).ask({ ...QUESTION, url, ...question });

  it.each([SECRET, OTHER_SECRET])('puts a signed question (%s) and follows the answer', async (secret) => {
    let asked: unknown;
    handler = (request, response, body) => {
      asked = new Webhook(secret).verify(body, request.headers as Record<string, string>);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ action: 'connect', agent_id: QUESTION.agentId, variables: { vip: true } }));
    };
    expect(await ask()).toEqual({ kind: 'connect', agentId: QUESTION.agentId, variables: { vip: 'true' } });
    expect(asked).toEqual({
      type: 'call.inbound',
      call_id: 'call_01k3y7m2n4p6q8r0s2t4v6w8x1',
      agent_id: 'agent_01k3y7m2n4p6q8r0s2t4v6w8x0',
      phone_number: '+12025550147',
      from: '+12025550147',
      to: '+14165551234',
      provider: 'twilio',
      timestamp: '2026-11-24T08:00:00.000Z',
    });
  });

  it('says where the caller is not known', async () => {
    let asked: unknown;
    handler = (_request, response, body) => {
      asked = JSON.parse(body);
      response.writeHead(204).end();
    };
    expect(await ask({ from: null })).toEqual({ kind: 'normal', fault: null });
    expect(asked).toMatchObject({ phone_number: null, from: null });
  });

  it('reads 64 KiB and no more', async () => {
    const answer = (bytes: number) => '{}'.padEnd(bytes);
    handler = (_request, response) => response.end(answer(65_536));
    expect(await ask()).toEqual({ kind: 'normal', fault: null });
    handler = (_request, response) => response.end(answer(65_537));
    expect(await ask()).toEqual({ kind: 'normal', fault: 'too_long' });
  });

  it('takes the usual route where nobody listens', async () => {
    expect(await ask({ url: 'http://127.0.0.1:1/' })).toEqual({ kind: 'normal', fault: 'connection_refused' });
  });
});
