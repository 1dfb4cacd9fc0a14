import { type AnswerReader, BYTES, demand, demandWebSocketUrl, type Pair, type Said } from './answer-reader';
import { attributesOf, demandEmpty, onlyChild, onlyText, xmlHolds, type XmlTree, xmlTree } from './xml-tree';

/** https://www.twilio.com/docs/voice/twiml */
export const twimlReader: AnswerReader = {
  read(document) {
    const root = xmlTree(document);
    attributesOf(root, 'Response');
    return verbOf(onlyChild(root));
  },
  holds: xmlHolds,
  // https://www.twilio.com/docs/api/errors/11750
  maxBytes: 64 * 1024,
  // https://www.twilio.com/docs/voice/twiml/say
  text: { most: 4_000, measure: BYTES },
};

function verbOf(verb: XmlTree): Said {
  switch (verb.name) {
    case 'Connect':
      attributesOf(verb, 'Connect');
      return streamOf(onlyChild(verb));
    case 'Dial':
      return dialOf(verb);
    case 'Say':
      attributesOf(verb, 'Say', 'language');
      return { verb: 'say', text: onlyText(verb) };
    default: {
      const { reason } = attributesOf(verb, 'Reject', 'reason');
      demandEmpty(verb);
      return { verb: 'reject', reason: reason ?? 'rejected' };
    }
  }
}

/** "The url does not support query string parameters": https://www.twilio.com/docs/voice/twiml/stream */
function streamOf(stream: XmlTree): Said {
  const { url = '' } = attributesOf(stream, 'Stream', 'url');
  demandWebSocketUrl(url);
  demand(!url.includes('?'), 'a query in the URL of a stream');
  return { verb: 'stream', url, parameters: stream.children.map(parameterOf) };
}

function parameterOf(parameter: XmlTree): Pair {
  const { name = '', value = '' } = attributesOf(parameter, 'Parameter', 'name', 'value');
  demandEmpty(parameter);
  demand(name !== '' && name.length + value.length < 500, 'a parameter of 500 characters or without a name');
  return [name, value];
}

function dialOf(dial: XmlTree): Said {
  const { callerId = null } = attributesOf(dial, 'Dial', 'callerId', 'answerOnBridge');
  const noun = onlyChild(dial);
  if (noun.name === 'Sip') return { verb: 'sip', uri: onlyText(noun), callerId };
  attributesOf(noun, 'Number');
  return { verb: 'dial', to: onlyText(noun), callerId };
}
