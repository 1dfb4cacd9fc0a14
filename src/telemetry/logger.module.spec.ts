import { Test } from '@nestjs/testing';
import { Logger as PinoNestLogger } from 'nestjs-pino';
import type { Config } from '../config/config';
import { LoggerModule, REQUEST_LOG, type RequestLog } from './logger.module';

const configOf = (level: string) => ({ log: { level, format: 'json' } }) as Config;

async function requestLogOf(level: string): Promise<RequestLog> {
  const module = await Test.createTestingModule({ imports: [LoggerModule.forRoot(configOf(level))] }).compile();
  return module.get<RequestLog>(REQUEST_LOG);
}

describe('LoggerModule', () => {
  it('logs no requests when silent, and logs them otherwise', async () => {
    expect(await requestLogOf('silent')).toBeNull();
    expect(await requestLogOf('info')).toBeInstanceOf(Function);
  });

  it('takes over what Nest logs', async () => {
    const module = await Test.createTestingModule({ imports: [LoggerModule.forRoot(configOf('silent'))] }).compile();
    const app = module.createNestApplication({ bufferLogs: true });
    const useLogger = jest.spyOn(app, 'useLogger');
    LoggerModule.attach(app);
    expect(useLogger).toHaveBeenCalledWith(app.get(PinoNestLogger));
    await app.close();
  });
});
