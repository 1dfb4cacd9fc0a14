import { Test } from '@nestjs/testing';
import type { Config } from '../config/config';
import { ACCOUNT, rejectionOf } from './attachments.fixture';
import { AttachmentsModule } from './attachments.module';
import { AttachmentsService } from './attachments.service';

function config(): Config {
  return {
    role: 'api',
    database: { kind: 'sqlite', path: ':memory:' },
    migrate: true,
    secretsKeys: [Buffer.alloc(32)],
    providerUrls: {},
    routing: { inlineMs: 0 },
    http: { publicUrl: 'http://localhost' },
  } as unknown as Config;
}

describe('AttachmentsModule', () => {
  it('gives a service that works, and stops', async () => {
    const module = await Test.createTestingModule({ imports: [AttachmentsModule.forRoot(config())] }).compile();
    await module.init();
    const service = module.get(AttachmentsService);
    const command = { accountId: ACCOUNT, agentId: 'agent_none', numbers: ['+918062810341'], dryRun: false };
    expect(await rejectionOf(service.detach(command))).toMatchObject({ reason: 'AGENT_NOT_FOUND' });
    await module.close();
  });

  it('is one module for one configuration, however many import it', () => {
    const one = config();
    expect(AttachmentsModule.forRoot(one)).toBe(AttachmentsModule.forRoot(one));
    expect(AttachmentsModule.forRoot(config())).not.toBe(AttachmentsModule.forRoot(one));
  });
});
