import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { pino } from 'pino';
import { createLogger } from './pino-logger';

const written = (log: (logger: ReturnType<typeof createLogger>) => void, level: 'info' | 'silent' = 'info') => {
  const lines: string[] = [];
  log(createLogger({ level, format: 'json' }, { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('createLogger', () => {
  it.each(['token', 'api_access_token', 'authorization', 'cookie'])('hides %s wherever headers are logged', (name) => {
    const [line] = written((logger) =>
      logger.info({
        [name]: 's3cret',
        headers: { [name]: 's3cret' },
        req: { headers: { [name]: 's3cret', host: 'x' } },
      }),
    );
    expect(JSON.stringify(line)).not.toContain('s3cret');
    expect(line).toMatchObject({ [name]: '***', req: { headers: { host: 'x' } } });
  });

  it('obeys the level', () => {
    expect(written((logger) => logger.debug('x'))).toEqual([]);
    expect(written((logger) => logger.fatal('x'), 'silent')).toEqual([]);
    expect(written((logger) => logger.info('x'))).toMatchObject([{ level: 30, msg: 'x' }]);
  });

  it('hands lines for people to a worker, which it can end', async () => {
    const logger = createLogger({ level: 'silent', format: 'pretty' });
    const stream = (logger as unknown as Record<symbol, Writable>)[pino.symbols.streamSym] as Writable;
    expect(stream.constructor.name).toBe('ThreadStream');
    await once(stream, 'ready');
    stream.end();
    await once(stream, 'close');
  });
});
