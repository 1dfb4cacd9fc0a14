import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Param, Req } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { observeRequests } from './http-metrics';
import { Metrics } from './metrics';
import { createLogger } from './pino-logger';
import { requestId } from './request-id';
import { logRequests } from './request-log';

const lines: Record<string, unknown>[] = [];
const logger = createLogger(
  { level: 'info', format: 'json' },
  { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
);

@Controller()
class TestController {
  @Get('api/agent/:agent_id')
  agent(@Param('agent_id') id: string, @Req() incoming: { principal?: object }): object {
    incoming.principal = { accountId: 'acct_1', tokenId: 'tok_1', scopes: [] };
    return { id };
  }

  @Get('inbound/:provider/:key')
  inbound(): object {
    return {};
  }

  @Get('hang')
  hang(): Promise<never> {
    return new Promise(() => undefined);
  }
}

let app: NestExpressApplication;
let metrics: Metrics;
let base: string;

beforeAll(async () => {
  const module = await Test.createTestingModule({
    controllers: [TestController],
    providers: [Metrics],
  }).compile();
  app = module.createNestApplication<NestExpressApplication>({ logger: false });
  metrics = app.get(Metrics);
  app.use(requestId, observeRequests(metrics), logRequests(logger));
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});

afterAll(() => app.close());
beforeEach(() => lines.splice(0));

const completed = () => lines.filter(({ msg }) => msg === 'request completed' || msg === 'request aborted');

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

describe('the request log', () => {
  it('is one line with method, path, status, duration, request id and account', async () => {
    await request(base).get('/api/agent/agent_1?secret=s3cret').set('X-Request-Id', 'req-1').set('token', 's3cret');
    await until(() => completed().length > 0);
    expect(completed()).toEqual([
      expect.objectContaining({
        level: 30,
        request_id: 'req-1',
        method: 'GET',
        path: '/api/agent/agent_1',
        status: 200,
        duration_ms: expect.any(Number) as number,
        account_id: 'acct_1',
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it('hides the key of a provider-facing route', async () => {
    await request(base).get('/inbound/twilio/k3y');
    await until(() => completed().length > 0);
    expect(completed()).toMatchObject([{ path: '/inbound/twilio/***' }]);
    expect(JSON.stringify(lines)).not.toContain('k3y');
  });

  it('says when the caller went away', async () => {
    const leaving = httpRequest(`${base}/hang`).end();
    leaving.on('error', () => undefined);
    await once(app.getHttpServer(), 'request');
    leaving.destroy();
    await until(() => completed().length > 0);
    expect(completed()).toMatchObject([{ level: 40, msg: 'request aborted', path: '/hang' }]);
  });
});

describe('the metrics', () => {
  it('count requests by the pattern of their route', async () => {
    await request(base).get('/api/agent/agent_1');
    await request(base).get('/api/agent/agent_2');
    await request(base).get('/wp-login.php');
    const text = await metrics.text();
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/agent\/:agent_id",status="200"\} [2-9]/,
    );
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="none",status="404"} 1');
    expect(text).not.toContain('agent_1');
    expect(text).not.toContain('wp-login');
  });

  it('tell aborted requests apart', async () => {
    expect(await metrics.text()).toContain('route="/hang",status="aborted"');
  });

  it('hold those of the process and those that others register', async () => {
    metrics.counter({ name: 'things_total', help: 'Things', labelNames: ['kind'] }).inc({ kind: 'a' }, 2);
    metrics.gauge({ name: 'level', help: 'Level' }).set(5);
    metrics.histogram({ name: 'wait_seconds', help: 'Wait', buckets: [1] }).observe(0.5);
    const text = await metrics.text();
    expect(text).toContain('things_total{kind="a"} 2');
    expect(text).toContain('level 5');
    expect(text).toContain('wait_seconds_bucket{le="1"} 1');
    expect(text).toContain('process_cpu_seconds_total');
    expect(metrics.contentType).toMatch(/^text\/plain/);
  });
});
