import { XMLParser } from 'fast-xml-parser';
import type { Answer } from '../../contract/answer';
import { telnyxAnswer } from './telnyx.answer';
import { CREDENTIALS } from './telnyx.fixture';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  ignoreDeclaration: true,
  parseTagValue: false,
});
const CONTEXT = { credentials: CREDENTIALS, providerCallId: 'v3:abc', from: '+14155550100', to: '+14155550123' };
const AWKWARD = `<&"'> ]]> 日本 🙂`;

function read(answer: Answer): unknown {
  const { contentType, body } = telnyxAnswer.render(answer, CONTEXT);
  expect(contentType).toBe('application/xml');
  expect(body.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true);
  return (parser.parse(body) as { Response: unknown }).Response;
}

describe('telnyxAnswer', () => {
  it('connects a stream both ways, with what it is to be told', () => {
    const url = `wss://agent.example.com/media?a=1&b="/></Stream><Hangup/>`;
    expect(read({ kind: 'stream', url, parameters: { call_id: 'call_1', note: AWKWARD } })).toEqual({
      Connect: {
        Stream: {
          '@url': url,
          '@bidirectionalMode': 'rtp',
          '@bidirectionalCodec': 'PCMU',
          Parameter: [
            { '@name': 'call_id', '@value': 'call_1' },
            { '@name': 'note', '@value': AWKWARD },
          ],
        },
      },
    });
  });

  it('dials a SIP URI', () => {
    const uri = 'sip:agent@example.com:5061;transport=tls?X-Note=<&"';
    expect(read({ kind: 'sip', uri, callerId: '+14155550123' })).toEqual({
      Dial: { '@callerId': '+14155550123', Sip: uri },
    });
    expect(read({ kind: 'sip', uri, callerId: null })).toEqual({ Dial: { Sip: uri } });
  });

  it('dials a number', () => {
    expect(read({ kind: 'dial', to: '+442079460000', callerId: '+14155550123' })).toEqual({
      Dial: { '@callerId': '+14155550123', Number: '+442079460000' },
    });
  });

  it('speaks and hangs up, in a language only with the voice that heeds it', () => {
    expect(read({ kind: 'say', text: AWKWARD, language: 'de-DE' })).toEqual({
      Say: { '@voice': 'alice', '@language': 'de-DE', '#text': AWKWARD },
      Hangup: '',
    });
    expect(read({ kind: 'say', text: 'Hello', language: null })).toEqual({ Say: 'Hello', Hangup: '' });
  });

  it.each(['', ' \n', '\u0000\ud800'])('hangs up where there is nothing to say: %j', (text) => {
    expect(read({ kind: 'say', text, language: 'de-DE' })).toEqual({ Hangup: '' });
  });

  // `payload` of the speak command: "There is a 3,000 character limit."
  it('cuts a text that is too long, between characters', () => {
    expect(read({ kind: 'say', text: '🙂'.repeat(3_001), language: null })).toMatchObject({ Say: '🙂'.repeat(3_000) });
  });

  it.each(['busy', 'rejected'] as const)('rejects as %s, before anything else', (reason) => {
    expect(read({ kind: 'reject', reason })).toEqual({ Reject: { '@reason': reason } });
  });
});
