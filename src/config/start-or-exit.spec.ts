import { ConfigError } from './config-error';
import { startFailure, startOrExit } from './start-or-exit';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('startFailure', () => {
  it('lists the faults of the configuration, a line each, without a stack', () => {
    expect(startFailure(new ConfigError(['PORT is wrong', 'ROLE is wrong']))).toBe(
      'Patchbay cannot start, its configuration is at fault:\n  PORT is wrong\n  ROLE is wrong\n',
    );
  });

  it('gives one line for what the system refused', () => {
    const taken = Object.assign(new Error('listen EADDRINUSE: address already in use :::3000'), { code: 'EADDRINUSE' });
    expect(startFailure(taken)).toBe('Patchbay cannot start: listen EADDRINUSE: address already in use :::3000\n');
    expect(startFailure(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))).toBe(
      'Patchbay cannot start: ECONNREFUSED\n',
    );
  });

  it('gives the stack of a fault of the code', () => {
    expect(startFailure(new TypeError('boom'))).toMatch(
      /^Patchbay cannot start: TypeError: boom\n {4}at .*start-or-exit/,
    );
    expect(startFailure(Object.assign(new Error('boom'), { stack: undefined }))).toBe('Patchbay cannot start: boom\n');
    expect(startFailure('odd')).toBe('Patchbay cannot start: odd\n');
  });
});

describe('startOrExit', () => {
  it('starts with the configuration of the process', async () => {
    jest.replaceProperty(process, 'env', { DATABASE_URL: 'sqlite::memory:', PORT: '1234' });
    const exit = jest.spyOn(process, 'exit').mockImplementation();
    const start = jest.fn().mockResolvedValue(undefined);

    await startOrExit(start);

    expect(start.mock.calls).toMatchObject([[{ http: { port: 1234 } }]]);
    expect(exit).not.toHaveBeenCalled();
  });

  it('says what is wrong and exits with 1', async () => {
    jest.replaceProperty(process, 'env', { DATABASE_URL: 'sqlite::memory:', PORT: 'x' });
    const exit = jest.spyOn(process, 'exit').mockImplementation();
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const start = jest.fn();

    await startOrExit(start);

    expect(start).not.toHaveBeenCalled();
    expect(write.mock.calls).toEqual([
      ['Patchbay cannot start, its configuration is at fault:\n  PORT must be a whole number from 0 to 65535\n'],
    ]);
    expect(exit).toHaveBeenCalledWith(1);
  });
});
