import type { AttachCommand, AttachmentResult, AttachmentsService } from '../attachments/attachments.service';
import { AgentNumbersService } from './agent-numbers.service';

const AGENT = 'agent_01kawgyqr4e3v9m2t5x8b7c6dn';
// 2026-11-24T08:00:00.000Z and a second later, by `date -u -d … +%s`.
const EIGHT = 1_795_507_200_000;

const RESULT: AttachmentResult = {
  agentId: AGENT,
  provider: 'san',
  numbers: [
    { phoneNumber: '+918062810341', status: 'active', reason: null, attachedAt: EIGHT, inboundUrl: 'wss://x/1' },
    { phoneNumber: '+918062810342', status: 'pending', reason: 'awaiting_first_call', attachedAt: EIGHT + 1_000 },
  ],
};

function setUp() {
  const attach = jest.fn((_command: AttachCommand) => Promise.resolve(RESULT));
  const detach = jest.fn(() =>
    Promise.resolve({
      agentId: AGENT,
      numbers: [{ phoneNumber: '+918062810341', status: 'inactive' as const, reason: null, attachedAt: null }],
    }),
  );
  return { attach, detach, service: new AgentNumbersService({ attach, detach } as unknown as AttachmentsService) };
}

const BODY = { agent_id: AGENT, provider: 'san' as const, numbers: ['+918062810341', '+918062810342'] };

describe('attach', () => {
  it('answers the worst status and the latest time of the numbers', async () => {
    const { service } = setUp();
    expect(await service.attach('acct_1', BODY, false)).toEqual({
      agent_id: AGENT,
      phone_numbers: ['+918062810341', '+918062810342'],
      provider: 'san',
      attached_at: '2026-11-24T08:00:01.000Z',
      status: 'pending',
      numbers: [
        {
          phone_number: '+918062810341',
          status: 'active',
          reason: null,
          attached_at: '2026-11-24T08:00:00.000Z',
          inbound_url: 'wss://x/1',
        },
        {
          phone_number: '+918062810342',
          status: 'pending',
          reason: 'awaiting_first_call',
          attached_at: '2026-11-24T08:00:01.000Z',
        },
      ],
    });
  });

  it('says so on a dry run, and only then', async () => {
    const { service, attach } = setUp();
    expect(await service.attach('acct_1', BODY, true)).toHaveProperty('dry_run', true);
    expect(attach.mock.calls[0]?.[0].dryRun).toBe(true);
    expect(await service.attach('acct_1', BODY, false)).not.toHaveProperty('dry_run');
  });

  it('reassigns only when asked to', async () => {
    const { service, attach } = setUp();
    await service.attach('acct_1', BODY, false);
    await service.attach('acct_1', { ...BODY, reassign: true }, false);
    expect(attach.mock.calls.map(([{ reassign }]) => reassign)).toEqual([false, true]);
  });

  it('does not look for an agent whose id cannot be one', async () => {
    const { service, attach } = setUp();
    const attempt = service.attach('acct_1', { ...BODY, agent_id: "agent_1' OR '1'='1" }, false);
    await expect(attempt).rejects.toMatchObject({ reason: 'AGENT_NOT_FOUND', status: 404 });
    expect(attach).not.toHaveBeenCalled();
  });
});

describe('detach', () => {
  it('answers how each number stands', async () => {
    const { service } = setUp();
    const body = { agent_id: AGENT, numbers: ['+918062810341'] };
    const expected = {
      agent_id: AGENT,
      phone_numbers: ['+918062810341'],
      numbers: [{ phone_number: '+918062810341', status: 'inactive', reason: null }],
    };
    expect(await service.detach('acct_1', body, false)).toEqual(expected);
    expect(await service.detach('acct_1', body, true)).toEqual({ ...expected, dry_run: true });
  });

  it('does not look for an agent whose id cannot be one', async () => {
    const { service, detach } = setUp();
    const attempt = service.detach('acct_1', { agent_id: 'nobody', numbers: ['+918062810341'] }, false);
    await expect(attempt).rejects.toMatchObject({ reason: 'AGENT_NOT_FOUND' });
    expect(detach).not.toHaveBeenCalled();
  });
});
