import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROVIDER_NAMES } from '../../src/common/provider-name';
import { untilPasses } from '../support/until-passes';
import { freePort, startProcess, type TestProcess } from '../support/test-process';

const run = promisify(execFile);

interface Attached {
  readonly code: number;
  readonly data: { readonly status: string; readonly phone_numbers: string[]; readonly agent_id: string };
}

describe('demo mode', () => {
  let cwd: string;
  let port: number;
  let last: TestProcess | undefined;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'patchbay-demo-'));
    port = await freePort();
  });

  afterEach(() => last?.kill());

  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  /** The line is the last thing that the demo prints, just after it is ready. */
  async function start(): Promise<TestProcess> {
    const server = await startProcess({ env: {}, cwd, port });
    last = server;
    await untilPasses(() => expect(server.stdout).toContain('\ncurl '));
    return server;
  }

  /** What a user does: copies the printed line into a shell. */
  async function paste({ stdout }: TestProcess): Promise<Attached> {
    const line = stdout.split('\n').find((text) => text.startsWith('curl '));
    if (!line) throw new Error(`No curl line was printed:\n${stdout}`);
    const { stdout: answer } = await run('sh', ['-c', line]);
    return JSON.parse(answer) as Attached;
  }

  const tokenOf = ({ stdout }: TestProcess) => /pb_[A-Za-z0-9_-]{43}/.exec(stdout)?.[0] ?? '';

  const get = async (server: TestProcess, path: string) => {
    const response = await fetch(server.url + path, { headers: { token: tokenOf(server) } });
    return ((await response.json()) as { data: { items: Record<string, unknown>[] } }).data.items;
  };

  it('prints a line that attaches a number, and after a restart one that still does', async () => {
    const first = await start();
    expect(first.stdout).toContain(`http://localhost:${port}/docs`);
    const attached = await paste(first);
    expect(attached).toMatchObject({ code: 200, data: { status: 'active', phone_numbers: ['+918062810341'] } });
    const numbers = await get(first, '/api/phone-number?limit=100');
    expect(new Set(numbers.map(({ provider }) => provider)).size).toBe(PROVIDER_NAMES.length);
    const agents = await get(first, '/api/agent');
    expect(agents).toHaveLength(1);
    await first.kill();

    const second = await start();
    expect(tokenOf(second)).toBe(tokenOf(first));
    expect(await get(second, '/api/phone-number?limit=100')).toEqual(numbers);
    expect(await paste(second)).toMatchObject({ code: 200, data: attached.data });
  });

  it('prints a line that works when the agent was deleted and its number with it', async () => {
    const server = await start();
    const headers = { token: tokenOf(server) };
    const [agent] = await get(server, '/api/agent');
    const remove = (path: string) => fetch(server.url + path, { method: 'DELETE', headers });
    expect((await remove(`/api/agent/${String(agent?.agent_id)}?detach=true`)).status).toBe(200);
    expect((await remove('/api/phone-number/+918062810341')).status).toBe(200);
    await server.kill();

    const again = await start();
    const answer = await paste(again);
    expect(answer).toMatchObject({ code: 200, data: { status: 'active', phone_numbers: ['+918062810342'] } });
  });

  it('attaches all numbers of all providers', async () => {
    const server = await start();
    const [agent] = await get(server, '/api/agent');
    const numbers = await get(server, '/api/phone-number?limit=100');
    const providers = new Set(numbers.map(({ provider }) => String(provider)));
    for (const provider of providers) {
      const response = await fetch(`${server.url}/api/agent/attach-phone-number`, {
        method: 'POST',
        headers: { token: tokenOf(server), 'content-type': 'application/json' },
        body: JSON.stringify({
          agent_id: agent?.agent_id,
          provider,
          numbers: numbers.filter((number) => number.provider === provider).map(({ phone_number }) => phone_number),
        }),
      });
      expect([provider, response.status]).toEqual([provider, 200]);
    }
    await untilPasses(async () => {
      const active = await get(server, '/api/phone-number?limit=100&status=active');
      expect(active).toHaveLength(numbers.length);
    });
  });
});
