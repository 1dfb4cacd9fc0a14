import { validateSync } from 'class-validator';
import { DtoPlan } from './dto-plan';
import { Faults } from './faults';
import {
  E164Field,
  E164ListField,
  EnumField,
  FlagField,
  IdentifierField,
  IntegerField,
  JsonObjectField,
  LanguageField,
  NestedField,
  QueryFlagField,
  QueryIntegerField,
  StringListField,
  TextField,
  TimezoneField,
  UrlField,
} from './fields';

const description = 'A member';

class Inner {
  @UrlField({ description, protocols: ['wss', 'sip'], max: 60 })
  url!: string;
}

class Everything {
  @TextField({ description, min: 2, max: 5, optional: true })
  text?: string;

  @TextField({ description, min: 1, optional: true })
  one?: string;

  @TextField({ description, required: 'AGENT_NAME_REQUIRED', optional: true, nullable: false })
  name?: string;

  @IdentifierField({ description, optional: true })
  identifier?: string;

  @EnumField(['a', 'b'], { description, optional: true, nullable: true })
  choice?: string | null;

  @FlagField({ description, optional: true })
  flag?: boolean;

  @IntegerField({ description, min: 1, max: 10, optional: true })
  integer?: number;

  @E164Field({ description, optional: true })
  number?: string;

  @E164ListField({ description, optional: true, min: 1, max: 3 })
  numbers?: string[];

  @JsonObjectField({ description, optional: true })
  json?: object;

  @JsonObjectField({ description, optional: true, secret: true })
  credentials?: object;

  @NestedField(() => Inner, { description, optional: true, nullable: true })
  inner?: Inner | null;

  @StringListField({ description, optional: true, values: ['x', 'y'], max: 2 })
  events?: string[];

  @StringListField({ description, optional: true })
  words?: string[];

  @TimezoneField({ description, optional: true })
  timezone?: string;

  @LanguageField({ description, optional: true })
  language?: string;

  @QueryFlagField({ description, optional: true })
  available?: boolean;

  @QueryIntegerField({ description, min: 1, max: 100, optional: true })
  limit = 20;

  @TextField({ description, max: 3, optional: true, secret: true })
  secret?: string;
}

function read(input: object) {
  const faults = new Faults();
  const result = DtoPlan.of(Everything).read(input as Record<string, unknown>, '', faults) as Everything;
  return { result, error: faults.toError() };
}

const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });

describe('what the fields accept', () => {
  it.each<[object, object?]>([
    [{ text: 'ab' }],
    [{ text: 'abcde' }],
    [{ text: 'π😀' }],
    [{ one: ' ' }],
    [{ identifier: 'any \0 string' }],
    [{ choice: 'a' }],
    [{ choice: null }],
    [{ flag: false }],
    [{ integer: 1 }],
    [{ integer: 10 }],
    [{ number: '+918062810341' }],
    [{ numbers: ['+12025551234', '+442012345678', '+6512345678'] }],
    [{ json: { a: [{ b: null }], constructor: 1 } }],
    [{ json: deep(31) }],
    [{ inner: null }],
    [{ inner: { url: 'wss://media.example/agent' } }],
    [{ inner: { url: 'sip:agent@example.com' } }],
    [{ events: [] }],
    [{ events: ['x', 'y'] }],
    [{ words: ['anything'] }],
    [{ timezone: 'Asia/Kolkata' }],
    [{ timezone: 'UTC' }],
    [{ timezone: 'America/Argentina/Buenos_Aires' }],
    [{ language: 'en-IN' }],
    [{ language: 'zh-Hant-TW' }],
    [{ available: 'true' }, { available: true }],
    [{ available: 'false' }, { available: false }],
    [{ limit: '100' }, { limit: 100 }],
    [{}, { limit: 20 }],
  ])('%j', (input, expected = input) => {
    const { result, error } = read(input);
    expect(error).toBeUndefined();
    expect(result).toMatchObject(expected);
  });

  it('makes a DTO of a nested object', () => {
    expect(read({ inner: { url: 'wss://x' } }).result.inner).toBeInstanceOf(Inner);
  });
});

describe('what the fields refuse', () => {
  it.each([
    [{ text: 7 }, 'text must be a string'],
    [{ text: null }, 'text must not be null'],
    [{ text: 'a' }, 'text must have at least 2 characters'],
    [{ one: '' }, 'one must have at least 1 character'],
    [{ text: 'abcdef' }, 'text must have at most 5 characters'],
    [{ text: 'a\0b' }, 'text must not contain NUL'],
    [{ text: 'a\ud800' }, 'text must be well-formed Unicode'],
    [{ identifier: {} }, 'identifier must be a string'],
    [{ choice: 'c' }, 'choice must be one of: a, b'],
    [{ choice: ['a'] }, 'choice must be one of: a, b'],
    [{ flag: 'true' }, 'flag must be true or false'],
    [{ flag: 1 }, 'flag must be true or false'],
    [{ integer: 0 }, 'integer must be an integer from 1 to 10'],
    [{ integer: 11 }, 'integer must be an integer from 1 to 10'],
    [{ integer: 1.5 }, 'integer must be an integer from 1 to 10'],
    [{ integer: '1' }, 'integer must be an integer from 1 to 10'],
    [{ number: 918062810341 }, 'number must be a string'],
    [{ numbers: {} }, 'numbers must be an array'],
    [{ numbers: [] }, 'numbers must have at least 1 element'],
    [{ numbers: ['1', '2', '3', '4'] }, 'numbers must have at most 3 elements'],
    [{ numbers: ['+12025551234', ['+12025551234']] }, 'numbers[1] must be a string'],
    [{ json: [] }, 'json must be an object'],
    [{ json: 'x' }, 'json must be an object'],
    [{ json: { a: ['\0'] } }, 'json.a[0] must not contain NUL'],
    [{ json: { 'a\ud800': 1 } }, 'json.a\ufffd has a name that must be well-formed Unicode'],
    [{ json: JSON.parse('{"a":{"__proto__":1}}') as object }, 'json.a.__proto__ is not allowed'],
    [{ inner: 'x' }, 'inner must be an object'],
    [{ inner: {} }, 'inner.url is required'],
    [{ inner: { url: 'wss://x', more: 1 } }, 'inner.more is not a known member'],
    [{ inner: { url: 7 } }, 'inner.url must be a string'],
    [{ inner: { url: 'http://x' } }, 'inner.url must be a URL that starts with wss: or sip:'],
    [{ inner: { url: 'media.example' } }, 'inner.url must be a URL that starts with wss: or sip:'],
    [{ inner: { url: 'wss://a b' } }, 'inner.url must be a URL that starts with wss: or sip:'],
    [{ inner: { url: ' wss://a' } }, 'inner.url must be a URL that starts with wss: or sip:'],
    [{ inner: { url: `wss://${'a'.repeat(60)}` } }, 'inner.url must have at most 60 characters'],
    [{ events: ['z'] }, 'events[0] must be one of: x, y'],
    [{ events: [1] }, 'events[0] must be a string'],
    [{ events: 'x' }, 'events must be an array'],
    [{ words: ['a\0'] }, 'words[0] must not contain NUL'],
    [{ timezone: 'Mars/Olympus' }, 'timezone must be an IANA time zone such as Asia/Kolkata'],
    [{ timezone: '+05:30' }, 'timezone must be an IANA time zone such as Asia/Kolkata'],
    [{ timezone: '' }, 'timezone must be an IANA time zone such as Asia/Kolkata'],
    [{ timezone: 5 }, 'timezone must be an IANA time zone such as Asia/Kolkata'],
    [{ language: 'english!' }, 'language must be a BCP 47 language tag such as en-IN'],
    [{ language: ['en', 'de'] }, 'language must be a BCP 47 language tag such as en-IN'],
    [{ available: 'TRUE' }, 'available must be true or false'],
    [{ available: '' }, 'available must be true or false'],
    [{ limit: '0' }, 'limit must be an integer from 1 to 100'],
    [{ limit: '101' }, 'limit must be an integer from 1 to 100'],
    [{ limit: '1e1' }, 'limit must be an integer from 1 to 100'],
    [{ limit: '' }, 'limit must be an integer from 1 to 100'],
    [{ limit: ' 5' }, 'limit must be an integer from 1 to 100'],
  ])('%j', (input, message) => {
    const { error } = read(input);
    expect(error).toMatchObject({ reason: 'VALIDATION_FAILED' });
    expect(error?.details[0]?.message).toBe(message);
  });

  it.each([null, '', ' \t'])('%j in a required member that may be absent', (name) => {
    expect(read({ name }).error).toMatchObject({ reason: 'AGENT_NAME_REQUIRED', details: [{ field: 'name' }] });
  });

  it('a number that is not E.164, for a reason of its own', () => {
    expect(read({ number: '918062810341' }).error).toMatchObject({
      reason: 'INVALID_PHONE_NUMBER_FORMAT',
      details: [{ field: 'number', message: 'number is not an E.164 phone number', value: '918062810341' }],
    });
  });

  it('a 33rd level', () => {
    const { error } = read({ json: deep(32) });
    expect(error?.details[0]?.message).toMatch(/^json(\.a)+ must not nest deeper than 32 levels$/);
  });

  it.each([{ secret: 'hunter2' }, { secret: 7 }, { credentials: 'hunter2' }])('%j without showing it', (input) => {
    const [detail] = read(input).error?.details ?? [];
    expect(detail).toBeDefined();
    expect(detail?.value).toBeUndefined();
  });

  it('an unknown member without showing its value', () => {
    expect(read({ auth_token: 'hunter2' }).error?.details).toEqual([
      { field: 'auth_token', message: 'auth_token is not a known member', value: undefined },
    ]);
  });
});

describe('class-validator', () => {
  it('comes to the same verdicts', () => {
    const good = Object.assign(new Inner(), { url: 'wss://x' });
    const bad = Object.assign(new Inner(), { url: 'http://x' });
    expect(validateSync(good)).toEqual([]);
    expect(validateSync(bad)[0]).toMatchObject({ property: 'url', constraints: { patchbayField: 'url is not valid' } });
  });
});
