import { Database } from '../../src/database/database';
import { createAgent } from '../factories/agent.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { startTestApp, type TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

jest.setTimeout(30_000);

const SECOND_MS = 1_000;

describe('Health', () => {
  let database: TestDatabase;
  let proxy: TcpProxy | undefined;
  let app: TestApp;
  let token: string;

  const timed = async <T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> => {
    const startedAt = performance.now();
    const result = await work();
    return { result, tookMs: performance.now() - startedAt };
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const { config } = database;
    if (config.kind === 'mysql') {
      proxy = await startTcpProxy(config);
      app = await startTestApp({
        database: { ...database, config: { ...config, host: '127.0.0.1', port: proxy.port } },
      });
    } else {
      app = await startTestApp({ database });
    }
    ({ token } = await app.createToken());
  });
  afterAll(async () => {
    await app.close();
    await proxy?.close();
    await database.drop();
  });

  it('answers live and ready without a token, with a request id', async () => {
    for (const [path, status] of [
      ['live', 'ok'],
      ['ready', 'ready'],
    ]) {
      const response = await app.api().get(`/health/${path}`).set('X-Request-Id', 'probe.1');
      expect({ status: response.status, body: response.body as unknown }).toEqual({ status: 200, body: { status } });
      expect(response.headers['x-request-id']).toBe('probe.1');
    }
  });

  it('is not fooled by a wrong method or path', async () => {
    expectError(await app.api().post('/health/live'), 404, 'ROUTE_NOT_FOUND');
    expectError(await app.api().get('/health'), 404, 'ROUTE_NOT_FOUND');
  });

  describe('GET /metrics', () => {
    it("speaks Prometheus' text format, by route and never by number, agent or account", async () => {
      const api = app.api(token);
      const { agent_id } = await createAgent(api);
      expectSuccess(await api.get(`/api/agent/${agent_id}`), 200);
      expectError(await api.get('/api/phone-number/+918062810341'), 404, 'PHONE_NUMBER_NOT_FOUND');
      expectError(await api.get('/nowhere/in/particular'), 404, 'ROUTE_NOT_FOUND');

      const response = await app.api().get('/metrics');
      expect(response.status).toBe(200);
      expect(response.headers['content-type']).toMatch(/^text\/plain;(.*;)? *version=0\.0\.4(;|$)/);
      const counted = (route: string, status: string) =>
        response.text
          .split('\n')
          .filter((line) => line.startsWith('http_request_duration_seconds_count{'))
          .filter((line) => line.includes(`route="${route}"`) && line.includes(`status="${status}"`));
      expect(counted('/api/agent/:agent_id', '200')).toHaveLength(1);
      expect(counted('/api/phone-number/:phone_number', '404')).toHaveLength(1);
      expect(response.text).toMatch(/^process_cpu_seconds_total \d/m);
      for (const hidden of [agent_id, '918062810341', 'acct_', 'nowhere', token]) {
        expect(response.text).not.toContain(hidden);
      }
      // Every sample has a family that says what it is: https://prometheus.io/docs/instrumenting/exposition_formats/
      const families = new Set([...response.text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
      const samples = response.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      for (const sample of samples) {
        const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(sample)?.[0] ?? '';
        expect([name, name.replace(/_(bucket|sum|count)$/, '')].some((each) => families.has(each))).toBe(true);
      }
    });
  });

  // The last: what follows has no database any more, or on SQLite never again.
  describe('without its database', () => {
    const ready = async () => {
      const response = await app.api().get('/health/ready');
      return { status: response.status, body: response.body as unknown };
    };
    const NOT_READY = { status: 503, body: { status: 'unavailable' } };

    if (process.env.TEST_DIALECT === 'mysql') {
      it.each(['cut', 'freeze'] as const)(
        'is live, not ready, answers 503 within 5 s, and comes back by itself (%s)',
        async (how) => {
          const output = jest.spyOn(console, 'log').mockImplementation(() => undefined);
          const api = app.api(token);
          expectSuccess(await api.get('/api/agent'), 200);
          proxy?.[how]();
          const probe = await timed(ready);
          expect(probe.result).toEqual(NOT_READY);
          expect(probe.tookMs).toBeLessThan(5 * SECOND_MS);
          expect((await app.api().get('/health/live')).status).toBe(200);

          const requests = await timed(() =>
            Promise.all([
              api.get('/api/agent'),
              api.post('/api/agent').send({ agent_name: 'A' }),
              // Nobody's token, so that it has to be looked up.
              app.api(`pb_${'x'.repeat(43)}`).get('/api/agent'),
            ]),
          );
          expect(requests.tookMs).toBeLessThan(5 * SECOND_MS);
          for (const response of requests.result.slice(0, 2)) {
            expectError(response, 503, 'UNAVAILABLE', 'Service is temporarily unavailable');
            expect(response.headers['retry-after']).toMatch(/^[1-9]\d*$/);
          }
          expect([401, 503]).toContain(requests.result[2].status);

          proxy?.restore();
          await eventually(ready, ({ status }) => status === 200);
          expectSuccess(await api.get('/api/agent'), 200);
          // Nobody wrote the statements that failed, with what they hold, past the log.
          expect(output.mock.calls).toEqual([]);
          output.mockRestore();
        },
      );
    }

    it('is live and not ready', async () => {
      await app.nest.get(Database, { strict: false }).dataSource.destroy();
      expect(await ready()).toEqual(NOT_READY);
      const live = await app.api().get('/health/live');
      expect({ status: live.status, body: live.body as unknown }).toEqual({ status: 200, body: { status: 'ok' } });
    });
  });
});
