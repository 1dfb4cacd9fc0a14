import type { ArgumentMetadata } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error';
import { AppValidationPipe } from '../../http/validation/validation.pipe';
import { PhoneNumberQuery } from './phone-number-query.dto';
import { RegisterNumberDto } from './register-number.dto';
import { UpdateNumberDto } from './update-number.dto';

const pipe = new AppValidationPipe();

const REGISTER: ArgumentMetadata = { type: 'body', metatype: RegisterNumberDto };
const UPDATE: ArgumentMetadata = { type: 'body', metatype: UpdateNumberDto };
const QUERY: ArgumentMetadata = { type: 'query', metatype: PhoneNumberQuery };

async function refusal(input: object, metadata: ArgumentMetadata): Promise<{ reason: string; fields: string[] }> {
  try {
    await pipe.transform(input, metadata);
  } catch (error) {
    if (error instanceof AppError) return { reason: error.reason, fields: error.details.map(({ field }) => field) };
    throw error;
  }
  throw new Error('was not refused');
}

describe('RegisterNumberDto', () => {
  const least = { phone_number: '+918062810341', provider: 'san' };

  it.each([
    least,
    { ...least, purpose: 'TEST', label: 'x'.repeat(255), max_concurrent_calls: 100_000 },
    { ...least, purpose: null, label: null, max_concurrent_calls: null },
  ])('takes %j', (body) => {
    expect(pipe.transform(body, REGISTER)).toEqual(body);
  });

  it.each(['san', 'ozonetell', 'twilio', 'exotel', 'telnyx', 'vonage', 'plivo', 'bandwidth'])(
    'knows %s',
    (provider) => {
      expect(pipe.transform({ ...least, provider }, REGISTER)).toHaveProperty('provider', provider);
    },
  );

  it.each([
    [{}, 'PHONE_NUMBER_REQUIRED', ['phone_number', 'provider']],
    [{ ...least, phone_number: ' ' }, 'PHONE_NUMBER_REQUIRED', ['phone_number']],
    [{ ...least, provider: null }, 'PROVIDER_REQUIRED', ['provider']],
    [{ ...least, phone_number: 918062810341 }, 'VALIDATION_FAILED', ['phone_number']],
    [{ ...least, provider: 'acme' }, 'VALIDATION_FAILED', ['provider']],
    [{ ...least, purpose: 'STAGING' }, 'VALIDATION_FAILED', ['purpose']],
    [{ ...least, label: 'x'.repeat(256) }, 'VALIDATION_FAILED', ['label']],
    [{ ...least, max_concurrent_calls: 0 }, 'VALIDATION_FAILED', ['max_concurrent_calls']],
    [{ ...least, max_concurrent_calls: 100_001 }, 'VALIDATION_FAILED', ['max_concurrent_calls']],
    [{ ...least, max_concurrent_calls: '5' }, 'VALIDATION_FAILED', ['max_concurrent_calls']],
    [{ ...least, status: 'active' }, 'VALIDATION_FAILED', ['status']],
    [{ ...least, phone_number: '918062810341' }, 'INVALID_PHONE_NUMBER_FORMAT', ['phone_number']],
  ])('refuses %j', async (body, reason, fields) => {
    expect(await refusal(body, REGISTER)).toEqual({ reason, fields });
  });
});

describe('UpdateNumberDto', () => {
  it.each([{}, { purpose: null, label: null, max_concurrent_calls: null }, { label: '' }])('takes %j', (body) => {
    expect(pipe.transform(body, UPDATE)).toEqual(body);
  });

  it.each(['phone_number', 'provider', 'agent_id', 'status'])('does not change %s', async (member) => {
    const { reason, fields } = await refusal({ [member]: '+918062810341' }, UPDATE);
    expect({ reason, fields }).toEqual({ reason: 'VALIDATION_FAILED', fields: [member] });
  });
});

describe('PhoneNumberQuery', () => {
  it('has a page of twenty and no filter', () => {
    expect(pipe.transform({}, QUERY)).toEqual({ limit: 20 });
  });

  it('reads numbers and flags from text', () => {
    const query = { limit: '5', available: 'false', provider: 'san', status: 'pending', country: 'IN', search: '91' };
    expect(pipe.transform(query, QUERY)).toEqual({ ...query, limit: 5, available: false });
  });

  it.each([
    ['limit', '0'],
    ['limit', '101'],
    ['available', 'yes'],
    ['provider', 'acme'],
    ['status', 'gone'],
    ['purpose', ''],
    ['country', 'IND'],
    ['search', ''],
    ['search', '1'.repeat(17)],
    ['label', 'x'],
  ])('refuses %s=%s', async (name, value) => {
    expect(await refusal({ [name]: value }, QUERY)).toEqual({ reason: 'VALIDATION_FAILED', fields: [name] });
  });
});

describe('the patterns of PhoneNumberQuery', () => {
  it.each(['+', '', '91%', '++91', '91 80', '９１', "1' OR '1", '+91\n', '1'.repeat(16)])(
    'refuse the search %j',
    async (search) => {
      expect(await refusal({ search }, QUERY)).toEqual({ reason: 'VALIDATION_FAILED', fields: ['search'] });
    },
  );

  it.each(['I1', 'é!', 'ſs', '--', 'I', 'IND', ''])('refuse the country %j', async (country) => {
    expect(await refusal({ country }, QUERY)).toEqual({ reason: 'VALIDATION_FAILED', fields: ['country'] });
  });

  it('are all looked at', async () => {
    const query = { limit: 'x', country: '11', search: 'x' };
    expect((await refusal(query, QUERY)).fields.sort()).toEqual(['country', 'limit', 'search']);
  });
});
