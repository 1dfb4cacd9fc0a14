import type { Type } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error';
import { AppValidationPipe } from '../../http/validation/validation.pipe';
import { AttachNumbersDto } from './attach-numbers.dto';
import { CreateAgentDto } from './create-agent.dto';
import { DetachNumbersDto } from './detach-numbers.dto';
import { UpdateAgentDto } from './update-agent.dto';

const pipe = new AppValidationPipe();

function read(dto: Type<object>, body: object): unknown {
  return pipe.transform(body, { type: 'body', metatype: dto });
}

function refusal(dto: Type<object>, body: object): { reason: string; fields: string[] } {
  try {
    read(dto, body);
  } catch (error) {
    if (error instanceof AppError) return { reason: error.reason, fields: error.details.map(({ field }) => field) };
    throw error;
  }
  throw new Error('was not refused');
}

describe('CreateAgentDto', () => {
  it('takes every member', () => {
    const body = {
      agent_name: 'Support',
      description: 'd'.repeat(2_000),
      status: 'inactive',
      purpose: 'TEST',
      prompt: 'p'.repeat(20_000),
      greeting: 'g'.repeat(2_000),
      timezone: 'Asia/Kolkata',
      language: 'en-IN',
      connect: { type: 'websocket', url: 'wss://media.example.com' },
      fallback: { type: 'message', text: 't'.repeat(1_000) },
      webhook_url: 'https://example.com/hook',
      webhook_events: [
        'call.initiated',
        'call.ringing',
        'call.answered',
        'call.ended',
        'number.attached',
        'number.detached',
        'number.status_changed',
      ],
      voice: { name: 'aria', nested: [{ deep: true }] },
      speech_to_text: {},
      llm: { temperature: 0.2 },
      configurations: { any: null },
    };
    expect(read(CreateAgentDto, body)).toEqual(body);
  });

  it.each([{}, { agent_name: null }, { agent_name: '' }, { agent_name: ' \t' }])('wants a name: %j', (body) => {
    expect(refusal(CreateAgentDto, body)).toEqual({ reason: 'AGENT_NAME_REQUIRED', fields: ['agent_name'] });
  });

  it.each([
    ['agent_name', 'x'.repeat(256)],
    ['description', 'x'.repeat(2_001)],
    ['prompt', 'x'.repeat(20_001)],
    ['greeting', 'x'.repeat(2_001)],
    ['status', null],
    ['status', 'deleted'],
    ['purpose', 'test'],
    ['timezone', 'Mars/Olympus'],
    ['language', 'english!'],
    ['webhook_url', 'ftp://example.com'],
    ['webhook_url', `https://example.com/${'x'.repeat(2_048)}`],
    ['webhook_events', ['call.ended', 'call.lost']],
    ['voice', []],
    ['llm', 'gpt'],
    ['connect', 'wss://media.example.com'],
    ['phone_numbers', ['+12025551234']],
    ['agent_id', 'agent_01kawgyqr4e3v9m2t5x8b7c6dn'],
  ])('refuses %s', (member, value) => {
    const { reason, fields } = refusal(CreateAgentDto, { agent_name: 'Support', [member]: value });
    expect(reason).toBe('VALIDATION_FAILED');
    expect(fields).toHaveLength(1);
    expect(fields[0]).toMatch(new RegExp(`^${member}(\\[1\\])?$`));
  });

  it('names members inside others by their path', () => {
    const body = {
      agent_name: 'Support',
      connect: { type: 'fax', url: '', extra: 1 },
      fallback: { type: 'message', text: 'x'.repeat(1_001) },
    };
    expect(refusal(CreateAgentDto, body)).toEqual({
      reason: 'VALIDATION_FAILED',
      fields: ['connect.type', 'connect.url', 'connect.extra', 'fallback.text'],
    });
  });

  it('refuses text that cannot be stored', () => {
    const body = { agent_name: 'a\0b', prompt: '\ud800', voice: { name: '\udfff' } };
    expect(refusal(CreateAgentDto, body)).toEqual({
      reason: 'VALIDATION_FAILED',
      fields: ['agent_name', 'prompt', 'voice.name'],
    });
  });
});

describe('UpdateAgentDto', () => {
  it('takes nothing, and null for what may be cleared', () => {
    expect(read(UpdateAgentDto, {})).toEqual({});
    const body = { description: null, purpose: null, connect: null, webhook_events: null, configurations: null };
    expect(read(UpdateAgentDto, body)).toEqual(body);
  });

  it('does not let the name and the status be cleared', () => {
    expect(refusal(UpdateAgentDto, { agent_name: null }).reason).toBe('AGENT_NAME_REQUIRED');
    expect(refusal(UpdateAgentDto, { status: null })).toEqual({ reason: 'VALIDATION_FAILED', fields: ['status'] });
  });

  it('takes a whole set of numbers, an empty one too', () => {
    const body = { phone_numbers: ['+918062810341'], provider: 'san' };
    expect(read(UpdateAgentDto, body)).toEqual(body);
    expect(read(UpdateAgentDto, { phone_numbers: [] })).toEqual({ phone_numbers: [] });
    expect(refusal(UpdateAgentDto, { phone_numbers: null })).toEqual({
      reason: 'VALIDATION_FAILED',
      fields: ['phone_numbers'],
    });
    expect(refusal(UpdateAgentDto, { phone_numbers: ['+918062810341', '918062810341'] })).toEqual({
      reason: 'INVALID_PHONE_NUMBER_FORMAT',
      fields: ['phone_numbers[1]'],
    });
  });
});

describe('AttachNumbersDto', () => {
  const body = { agent_id: 'agent_1', provider: 'san', numbers: ['+918062810341'] };

  it('takes the documented body', () => {
    expect(read(AttachNumbersDto, { ...body, reassign: true })).toEqual({ ...body, reassign: true });
  });

  it.each([
    [{}, 'AGENT_ID_REQUIRED', ['agent_id', 'provider', 'numbers']],
    [{ ...body, agent_id: '  ' }, 'AGENT_ID_REQUIRED', ['agent_id']],
    [{ agent_id: 'agent_1' }, 'PROVIDER_REQUIRED', ['provider', 'numbers']],
    [{ ...body, provider: null, numbers: 5 }, 'PROVIDER_REQUIRED', ['provider', 'numbers']],
    [{ ...body, numbers: [] }, 'NUMBERS_REQUIRED', ['numbers']],
    [{ ...body, numbers: null, reassign: 'no' }, 'NUMBERS_REQUIRED', ['numbers', 'reassign']],
    [{ ...body, provider: 'acme' }, 'VALIDATION_FAILED', ['provider']],
    [{ ...body, agent_id: 7 }, 'VALIDATION_FAILED', ['agent_id']],
    [{ ...body, numbers: '+918062810341' }, 'VALIDATION_FAILED', ['numbers']],
    [{ ...body, numbers: ['+0123456789', 7] }, 'VALIDATION_FAILED', ['numbers[1]', 'numbers[0]']],
    [{ ...body, numbers: Array(1_001).fill('+918062810341') }, 'VALIDATION_FAILED', ['numbers']],
    [{ ...body, dry_run: true }, 'VALIDATION_FAILED', ['dry_run']],
    [{ ...body, numbers: ['+918062810341', ' +918062810341'] }, 'INVALID_PHONE_NUMBER_FORMAT', ['numbers[1]']],
  ])('ranks the faults of %j', (faulty, reason, fields) => {
    expect(refusal(AttachNumbersDto, faulty)).toEqual({ reason, fields });
  });

  it('takes a thousand numbers', () => {
    const numbers = Array<string>(1_000).fill('+918062810341');
    expect(read(AttachNumbersDto, { ...body, numbers })).toEqual({ ...body, numbers });
  });
});

describe('DetachNumbersDto', () => {
  it('takes an agent and numbers, nothing else', () => {
    const body = { agent_id: 'agent_1', numbers: ['+918062810341'] };
    expect(read(DetachNumbersDto, body)).toEqual(body);
    expect(refusal(DetachNumbersDto, { ...body, provider: 'san' })).toEqual({
      reason: 'VALIDATION_FAILED',
      fields: ['provider'],
    });
    expect(refusal(DetachNumbersDto, { numbers: [] })).toEqual({
      reason: 'AGENT_ID_REQUIRED',
      fields: ['agent_id', 'numbers'],
    });
  });
});
