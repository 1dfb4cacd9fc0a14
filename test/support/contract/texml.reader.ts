import { type AnswerReader, CHARACTERS, demand, demandWebSocketUrl, type Pair, type Said } from './answer-reader';
import { attributesOf, demandEmpty, onlyChild, onlyText, xmlHolds, type XmlTree, xmlTree } from './xml-tree';

/** https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs */
export const texmlReader: AnswerReader = {
  read(document) {
    const root = xmlTree(document);
    attributesOf(root, 'Response');
    const [first, second] = root.children;
    demand(first !== undefined, 'no verb');
    if (first.name !== 'Say') return verbOf(onlyChild(root));
    attributesOf(first, 'Say', 'voice', 'language');
    const text = onlyText(first);
    demand(text.trim() !== '', 'nothing to say');
    demand(second?.name === 'Hangup' && root.children.length === 2, 'more than speech and its end');
    demandEmpty(second);
    return { verb: 'say', text };
  },
  holds: xmlHolds,
  maxBytes: null,
  // `payload` in https://developers.telnyx.com/api-reference/call-commands/speak-text
  text: { most: 3_000, measure: CHARACTERS },
};

function verbOf(verb: XmlTree): Said {
  switch (verb.name) {
    case 'Connect':
      attributesOf(verb, 'Connect');
      return streamOf(onlyChild(verb));
    case 'Dial':
      return dialOf(verb);
    case 'Hangup':
      attributesOf(verb, 'Hangup');
      demandEmpty(verb);
      return { verb: 'hangup' };
    default: {
      const { reason = '' } = attributesOf(verb, 'Reject', 'reason');
      demandEmpty(verb);
      return { verb: 'reject', reason };
    }
  }
}

function streamOf(stream: XmlTree): Said {
  const { url = '', bidirectionalMode } = attributesOf(
    stream,
    'Stream',
    'url',
    'bidirectionalMode',
    'bidirectionalCodec',
  );
  demandWebSocketUrl(url);
  demand(bidirectionalMode === 'rtp', 'a stream that plays MP3 only');
  return { verb: 'stream', url, parameters: stream.children.map(parameterOf) };
}

function parameterOf(parameter: XmlTree): Pair {
  const { name = '', value = '' } = attributesOf(parameter, 'Parameter', 'name', 'value');
  demandEmpty(parameter);
  return [name, value];
}

function dialOf(dial: XmlTree): Said {
  const { callerId = null } = attributesOf(dial, 'Dial', 'callerId');
  const noun = onlyChild(dial);
  if (noun.name === 'Sip') return { verb: 'sip', uri: onlyText(noun), callerId };
  attributesOf(noun, 'Number');
  return { verb: 'dial', to: onlyText(noun), callerId };
}
