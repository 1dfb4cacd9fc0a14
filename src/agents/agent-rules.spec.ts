import { AppError } from '../common/errors/app-error';
import { checkAgent, checkSettingsSize } from './agent-rules';
import type { UpdateAgentDto } from './dto/update-agent.dto';

const STRICT = { allowPrivateUrls: false };
const LAX = { allowPrivateUrls: true };

function faultsOf(check: () => void): { reason: string; fields: string[] } | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { reason: error.reason, fields: error.details.map(({ field }) => field) };
  }
}

const check = (dto: Partial<UpdateAgentDto>, rules = STRICT) => faultsOf(() => checkAgent(dto, rules));
const invalid = (...fields: string[]) => ({ reason: 'VALIDATION_FAILED', fields });

describe('connect', () => {
  const connect = (type: 'websocket' | 'sip', url: string, rules = STRICT) => check({ connect: { type, url } }, rules);

  it('streams to wss: URLs', () => {
    expect(connect('websocket', 'wss://media.example.com/agent?x=1')).toBeNull();
  });

  it.each([
    'ws://media.example.com',
    'https://media.example.com',
    'media.example.com',
    'wss://',
    'wss://a b',
    'wss:x\ny',
  ])('refuses %j for a websocket', (url) => expect(connect('websocket', url)).toEqual(invalid('connect.url')));

  it('refuses a fragment, which a WebSocket URL may not have', () => {
    expect(connect('websocket', 'wss://media.example.com/#a')).toEqual(invalid('connect.url'));
  });

  it('takes ws: where private URLs are allowed', () => {
    expect(connect('websocket', 'ws://127.0.0.1:9000', LAX)).toBeNull();
    expect(connect('websocket', 'http://127.0.0.1:9000', LAX)).toEqual(invalid('connect.url'));
  });

  it('sends to SIP URIs', () => {
    expect(connect('sip', 'sip:agent@pbx.example.com')).toBeNull();
    expect(connect('sip', 'sips:agent@pbx.example.com')).toBeNull();
    expect(connect('sip', 'wss://media.example.com')).toEqual(invalid('connect.url'));
  });
});

describe('fallback', () => {
  it('takes what goes with its type', () => {
    expect(check({ fallback: { type: 'phone_number', to: '+12025551234' } })).toBeNull();
    expect(check({ fallback: { type: 'sip', to: 'sip:desk@pbx.example.com' } })).toBeNull();
    expect(check({ fallback: { type: 'message', text: 'Please call later.' } })).toBeNull();
  });

  it('wants `to` to forward and `text` to speak', () => {
    expect(check({ fallback: { type: 'phone_number' } })).toEqual(invalid('fallback.to'));
    expect(check({ fallback: { type: 'sip', text: 'Bye' } })).toEqual(invalid('fallback.to', 'fallback.text'));
    expect(check({ fallback: { type: 'message', to: '+12025551234' } })).toEqual(
      invalid('fallback.text', 'fallback.to'),
    );
  });

  it('forwards to E.164 numbers and SIP URIs only', () => {
    expect(check({ fallback: { type: 'phone_number', to: '918062810341' } })).toEqual({
      reason: 'INVALID_PHONE_NUMBER_FORMAT',
      fields: ['fallback.to'],
    });
    expect(check({ fallback: { type: 'sip', to: '+12025551234' } })).toEqual(invalid('fallback.to'));
  });
});

describe('other members', () => {
  it('takes a webhook at http: only where private URLs are allowed', () => {
    expect(check({ webhook_url: 'https://example.com/hook' })).toBeNull();
    expect(check({ webhook_url: 'http://example.com/hook' })).toEqual(invalid('webhook_url'));
    expect(check({ webhook_url: 'http://localhost/hook' }, LAX)).toBeNull();
    expect(check({ inbound_webhook_url: 'https://example.com/hook' })).toBeNull();
    expect(check({ inbound_webhook_url: 'http://example.com/hook' })).toEqual(invalid('inbound_webhook_url'));
    expect(check({ inbound_webhook_url: 'http://localhost/hook' }, LAX)).toBeNull();
  });

  it('refuses a language tag that the column cannot hold', () => {
    // 64 and 67 characters.
    expect(check({ language: `en-x-${'abcdefgh-'.repeat(6)}abcde` })).toBeNull();
    expect(check({ language: `en-x-${'abcdefgh-'.repeat(6)}abcdefgh` })).toEqual(invalid('language'));
  });

  it('names an event that is there twice', () => {
    expect(check({ webhook_events: ['call.ended', 'call.ringing', 'call.ended'] })).toEqual(
      invalid('webhook_events[2]'),
    );
  });

  it('takes a provider with phone numbers only', () => {
    expect(check({ provider: 'san' })).toEqual(invalid('provider'));
    expect(check({ provider: 'san', phone_numbers: [] })).toBeNull();
  });

  it('lets every member be cleared', () => {
    expect(
      check({ connect: null, fallback: null, webhook_url: null, webhook_events: null, language: null }),
    ).toBeNull();
  });

  it('names all faults at once', () => {
    const dto: Partial<UpdateAgentDto> = {
      connect: { type: 'sip', url: 'nowhere' },
      fallback: { type: 'phone_number', to: '12' },
      webhook_url: 'http://example.com',
    };
    expect(check(dto)).toEqual(invalid('connect.url', 'webhook_url', 'fallback.to'));
  });
});

describe('checkSettingsSize', () => {
  const none = { voice: null, speechToText: null, llm: null, configurations: null };
  // {"t":"…"} is eight bytes around the text.
  const ofBytes = (bytes: number) => ({ t: 'x'.repeat(bytes - 8) });

  it('lets the four hold 65,536 bytes together and no more', () => {
    const voice = ofBytes(30_000);
    expect(faultsOf(() => checkSettingsSize({ ...none, voice, llm: ofBytes(35_536) }, { voice }))).toBeNull();
    expect(faultsOf(() => checkSettingsSize({ ...none, voice, llm: ofBytes(35_537) }, { voice }))).toEqual(
      invalid('voice'),
    );
  });

  it('counts bytes of UTF-8, not characters', () => {
    // Three bytes each: 21,842 × 3 + 8 = 65,534, one more makes 65,537.
    const fits = { t: '€'.repeat(21_842) };
    const tooLarge = { t: '€'.repeat(21_843) };
    expect(faultsOf(() => checkSettingsSize({ ...none, llm: fits }, { llm: fits }))).toBeNull();
    expect(faultsOf(() => checkSettingsSize({ ...none, llm: tooLarge }, { llm: tooLarge }))).toEqual(invalid('llm'));
  });

  it('names those that the request brought, as the client knows them', () => {
    const large = ofBytes(40_000);
    const agent = { ...none, voice: large, speechToText: large, configurations: large };
    expect(faultsOf(() => checkSettingsSize(agent, { speechToText: large, configurations: large }))).toEqual(
      invalid('speech_to_text', 'configurations'),
    );
  });
});
