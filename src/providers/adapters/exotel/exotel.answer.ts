import type { Answer, AnswerDocument, AnswerRenderer } from '../../contract/answer';
import type { ExotelCredentials } from './exotel.credentials';
import { streamUrl } from './exotel.stream';

/**
 * What the dynamic URL of a flow's applet is answered. Only the Voicebot applet takes a stream, and it takes nothing else:
 * any other document makes it go on to the flow's next applet. A call to a number is therefore told in the words of the
 * Connect applet, which may stand behind it with the same URL, and a text in those of the Greeting applet.
 * Sources: https://developer.exotel.com/docs/agentstream/stream-voicebot-applet and
 * https://docs.exotel.com/voice-apis/programmable-connect-working-with-connect-applet-dynamic-url
 */
export const exotelAnswer: AnswerRenderer<ExotelCredentials> = {
  only: ['stream'],
  render(answer: Answer): AnswerDocument {
    switch (answer.kind) {
      case 'stream':
        return json({ url: streamUrl(answer) });
      case 'dial':
        return json({
          fetch_after_attempt: false,
          destination: { numbers: [answer.to] },
          ...(answer.callerId === null ? {} : { outgoing_phone_number: answer.callerId }),
        });
      case 'sip':
        return json({ fetch_after_attempt: false, destination: sipDestination(answer.uri) });
      case 'say':
        return { contentType: 'text/plain; charset=utf-8', body: answer.text };
      case 'reject':
        return json({ fetch_after_attempt: false, destination: { numbers: [] } });
    }
  },
};

/**
 * Exotel dials a SIP trunk of the account by its name, and no other SIP address: `sip:` and a name without a host is one. Not
 * `sips:`, since nothing says that the trunk is encrypted.
 * Source: the flow and API configuration guide of Exotel's SIP trunking, `destination: { "trunk": "trunk-2134" }`
 */
function sipDestination(uri: string): { trunk: string } | { numbers: [] } {
  const [, trunk] = /^sip:([A-Za-z0-9_-]+)$/i.exec(uri) ?? [];
  return trunk ? { trunk } : { numbers: [] };
}

function json(document: object): AnswerDocument {
  return { contentType: 'application/json', body: JSON.stringify(document) };
}
