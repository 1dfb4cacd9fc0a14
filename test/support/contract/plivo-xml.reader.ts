import { type AnswerReader, CHARACTERS, demand, demandWebSocketUrl, type Pair, type Said } from './answer-reader';
import { attributesOf, demandEmpty, onlyChild, onlyText, xmlHolds, type XmlTree, xmlTree } from './xml-tree';

/** https://www.plivo.com/docs/voice/xml */
export const plivoXmlReader: AnswerReader = {
  read(document) {
    const root = xmlTree(document);
    attributesOf(root, 'Response');
    return verbOf(onlyChild(root));
  },
  holds: xmlHolds,
  maxBytes: 100_000,
  // https://www.plivo.com/docs/voice/concepts/ssml/
  text: { most: 3_000, measure: CHARACTERS },
};

function verbOf(verb: XmlTree): Said {
  switch (verb.name) {
    case 'Stream':
      return streamOf(verb);
    case 'Dial':
      return dialOf(verb);
    case 'Speak': {
      attributesOf(verb, 'Speak', 'language', 'voice');
      const text = onlyText(verb);
      demand(text.trim() !== '', 'nothing to say');
      return { verb: 'say', text };
    }
    default: {
      const { reason } = attributesOf(verb, 'Hangup', 'reason');
      demandEmpty(verb);
      return reason === undefined ? { verb: 'hangup' } : { verb: 'reject', reason };
    }
  }
}

/** https://docs.plivo.com/docs/voice/xml/audiostream */
function streamOf(stream: XmlTree): Said {
  const attributes = attributesOf(stream, 'Stream', 'bidirectional', 'keepCallAlive', 'contentType', 'extraHeaders');
  demand(attributes.bidirectional === 'true' && attributes.keepCallAlive === 'true', 'a stream that would not last');
  const url = onlyText(stream);
  demandWebSocketUrl(url);
  const headers = attributes.extraHeaders ?? '';
  demand(headers.length <= 512 && /^[A-Za-z0-9=,]*$/.test(headers), 'headers that Plivo does not take');
  const pairs = headers.split(',').filter((header) => header !== '');
  return {
    verb: 'stream',
    url,
    parameters: pairs.map((header): Pair => [header.split('=')[0] ?? '', header.split('=')[1] ?? '']),
  };
}

function dialOf(dial: XmlTree): Said {
  const { callerId = null } = attributesOf(dial, 'Dial', 'callerId');
  const party = onlyChild(dial);
  if (party.name === 'User') return { verb: 'sip', uri: onlyText(party), callerId };
  attributesOf(party, 'Number');
  const to = onlyText(party);
  demand(/^\d+$/.test(to), 'a number with more than digits');
  return { verb: 'dial', to, callerId };
}
