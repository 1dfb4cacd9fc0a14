import { Connect, NCCOBuilder, Talk, TTSLanguages } from '@vonage/voice';
import type { Answer } from '../../contract/answer';
import { renderVonageAnswer } from './vonage.answer';
import { vonageLanguage } from './vonage.languages';

const AWKWARD = `<&"'>\\ ]]> 😀 é`;

function rendered(answer: Answer): unknown {
  const { contentType, body } = renderVonageAnswer(answer);
  expect(contentType).toBe('application/json');
  return JSON.parse(body);
}

const stream = (url: string, parameters: Record<string, string> = {}): Answer => ({ kind: 'stream', url, parameters });

interface Websocket {
  readonly uri: string;
  readonly headers?: Record<string, string>;
}

function websocketOf(answer: Answer): Websocket {
  const [action] = rendered(answer) as [{ endpoint: [Websocket] }];
  return action.endpoint[0];
}

describe('renderVonageAnswer', () => {
  describe('as the official SDK builds it', () => {
    /** Through JSON, as it is sent. */
    const built = (...actions: Parameters<InstanceType<typeof NCCOBuilder>['addAction']>[0][]): unknown => {
      const builder = new NCCOBuilder();
      for (const action of actions) builder.addAction(action);
      return JSON.parse(JSON.stringify(builder.build()));
    };

    it('a stream', () => {
      const endpoint = {
        type: 'websocket' as const,
        uri: 'wss://agent.example.com/media',
        'content-type': 'audio/l16;rate=16000',
        headers: { callToken: 'abc' },
      };
      expect(rendered(stream('wss://agent.example.com/media', { callToken: 'abc' }))).toEqual(
        built(new Connect(endpoint)),
      );
    });

    it('a SIP address', () => {
      const uri = 'sip:agent@example.com;transport=tls';
      expect(rendered({ kind: 'sip', uri, callerId: null })).toEqual(built(new Connect({ type: 'sip', uri })));
      expect(rendered({ kind: 'sip', uri, callerId: '+447700900000' })).toEqual(
        built(new Connect({ type: 'sip', uri }, '447700900000')),
      );
    });

    it('a phone number, without +', () => {
      expect(rendered({ kind: 'dial', to: '+14155550100', callerId: '+447700900000' })).toEqual(
        built(new Connect({ type: 'phone', number: '14155550100' }, '447700900000')),
      );
    });

    it('speech', () => {
      expect(rendered({ kind: 'say', text: AWKWARD, language: 'en-GB' })).toEqual(
        built(new Talk(AWKWARD, undefined, undefined, undefined, 'en-GB')),
      );
    });

    it('a refusal, for which there is no action', () => {
      expect(rendered({ kind: 'reject', reason: 'busy' })).toEqual(built());
    });
  });

  it('lets nothing break out of the URL', () => {
    const uri = `wss://agent.example.com/?a="}]},{"action":"talk","text":"${AWKWARD}"`;
    expect(rendered(stream(uri))).toEqual([
      { action: 'connect', endpoint: [{ type: 'websocket', uri, 'content-type': 'audio/l16;rate=16000' }] },
    ]);
  });

  describe('parameters', () => {
    const bytes = (headers: object) => Buffer.byteLength(JSON.stringify(headers));

    it('are headers up to 512 bytes as JSON', () => {
      // {"token":"…"} is 12 bytes around the value.
      const fitting = { token: 'x'.repeat(500) };
      expect(bytes(fitting)).toBe(512);
      expect(websocketOf(stream('wss://a.example.com/s', fitting))).toMatchObject({
        uri: 'wss://a.example.com/s',
        headers: fitting,
      });
    });

    it('go into the query of the URL where they do not fit, from the first that does not', () => {
      const parameters = { first: '1', long: `${AWKWARD} ${'é'.repeat(250)}`, last: 'a&b=c' };
      const { uri, headers } = websocketOf(stream('wss://a.example.com/s?k=v', parameters));
      expect(headers).toEqual({ first: '1' });
      expect([...new URL(uri).searchParams]).toEqual([
        ['k', 'v'],
        ['long', parameters.long],
        ['last', 'a&b=c'],
      ]);
    });

    it('leave the URL of the agent to the letter', () => {
      const url = 'wss://a.example.com?sig=a%2Fb+c%20~"';
      const { uri } = websocketOf(stream(url, { long: 'x'.repeat(600) }));
      expect(uri).toBe(`${url}&long=${'x'.repeat(600)}`);
    });

    it('keep any name, and no half characters', () => {
      const parameters = Object.fromEntries([['__proto__', 'a\ud800']]);
      const { headers } = websocketOf(stream('wss://a.example.com/s', parameters));
      expect(Object.entries(headers ?? {})).toEqual([['__proto__', 'a\ufffd']]);
    });

    it('leave no empty headers', () => {
      const { uri, headers } = websocketOf(stream('wss://a.example.com/s', { token: 'é'.repeat(251) }));
      expect(headers).toBeUndefined();
      expect(new URL(uri).searchParams.get('token')).toBe('é'.repeat(251));
    });
  });

  describe('speech', () => {
    const textOf = (text: string) => (rendered({ kind: 'say', text, language: null }) as [{ text: string }])[0].text;

    it('is cut after 1,500 characters, none of them in half', () => {
      expect(textOf('a'.repeat(1501))).toBe('a'.repeat(1500));
      expect(textOf('a'.repeat(1499) + '😀')).toBe('a'.repeat(1499));
      expect(textOf('a'.repeat(1498) + '😀')).toBe(`${'a'.repeat(1498)}😀`);
    });

    it('has no half characters', () => {
      expect(textOf('a\ud800')).toBe('a\ufffd');
    });

    it('is read as it is, though it looks like markup', () => {
      expect(textOf('<speak><audio src="x"/></speak>')).toBe(
        '<speak>&lt;speak&gt;&lt;audio src="x"/&gt;&lt;/speak&gt;</speak>',
      );
      expect(textOf('I <speak> & listen')).toBe('I <speak> & listen');
    });

    it.each(['tlh', 'constructor', '__proto__', '', null])(
      'names no language that Vonage does not speak: %s',
      (tag) => {
        expect(rendered({ kind: 'say', text: 'x', language: tag })).toEqual([{ action: 'talk', text: 'x' }]);
      },
    );
  });
});

describe('vonageLanguage', () => {
  it.each(Object.values(TTSLanguages))('knows %s of the official SDK', (language) => {
    expect(vonageLanguage(language)).toBe(language);
  });

  it.each([
    ['en', 'en-US'],
    ['EN-us', 'en-US'],
    ['en-SG', 'en-US'],
    ['fr', 'fr-FR'],
    ['hi', 'hi-IN'],
    ['zh-CN', 'cmn-CN'],
    ['zh', 'cmn-CN'],
    ['zh-HK', 'yue-CN'],
    ['ar-AE', 'ar'],
    ['xx', null],
    ['', null],
  ])('takes the nearest for %s', (asked, expected) => expect(vonageLanguage(asked)).toBe(expected));
});
