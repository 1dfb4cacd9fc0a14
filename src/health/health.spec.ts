import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { Database } from '../database/database';
import { ConnectionDrain } from '../http/server/connection-drain';
import { Metrics } from '../telemetry/metrics';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { PROBE_LIMIT_MS, ReadinessService } from './readiness.service';

const ping = jest.fn<Promise<void>, []>();

let app: NestExpressApplication;

beforeEach(async () => {
  ping.mockReset().mockResolvedValue();
  const module = await Test.createTestingModule({
    controllers: [HealthController, MetricsController],
    providers: [ReadinessService, ConnectionDrain, Metrics, { provide: Database, useValue: { ping } }],
  }).compile();
  app = module.createNestApplication<NestExpressApplication>({ logger: false });
  await app.init();
});

afterEach(async () => {
  jest.useRealTimers();
  await app.close();
});

const get = (path: string) => request(app.getHttpServer()).get(path);

async function answerOf(path: string): Promise<{ status: number; body: unknown }> {
  const response = await get(path);
  return { status: response.status, body: response.body as unknown };
}

describe('GET /health/live', () => {
  it('is 200 whatever the database does', async () => {
    ping.mockRejectedValue(new Error('connect ECONNREFUSED'));
    expect(await answerOf('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
  });
});

describe('GET /health/ready', () => {
  it('is 200 when the database answers', async () => {
    expect(await answerOf('/health/ready')).toEqual({ status: 200, body: { status: 'ready' } });
    expect(ping).toHaveBeenCalledTimes(1);
  });

  it('is 503 when it fails, without saying why', async () => {
    ping.mockRejectedValue(new Error('Access denied for user patchbay'));
    expect(await answerOf('/health/ready')).toEqual({ status: 503, body: { status: 'unavailable' } });
  });

  it('is 503 from the beginning of the shutdown, without asking the database', async () => {
    app.get(ConnectionDrain).onModuleDestroy();
    expect((await get('/health/ready')).status).toBe(503);
    expect(ping).not.toHaveBeenCalled();
  });

  it('does not wait longer than two seconds', async () => {
    ping.mockReturnValue(new Promise(() => undefined));
    jest.useFakeTimers();
    const settled = jest.fn();
    const ready = app.get(ReadinessService).isReady().then(settled);
    await jest.advanceTimersByTimeAsync(PROBE_LIMIT_MS - 1);
    expect(settled).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    await ready;
    expect(settled).toHaveBeenCalledWith(false);
    expect(PROBE_LIMIT_MS).toBe(2_000);
  });
});

describe('GET /metrics', () => {
  it('is text of Prometheus', async () => {
    const response = await get('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^text\/plain;.* version=0\.0\.4/);
    expect(response.text).toContain('# TYPE process_cpu_seconds_total counter');
  });
});
