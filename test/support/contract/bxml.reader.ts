import { type AnswerReader, demand, demandWebSocketUrl, type Pair, type Said } from './answer-reader';
import { attributesOf, demandEmpty, onlyChild, onlyText, xmlHolds, type XmlTree, xmlTree } from './xml-tree';

/** https://dev.bandwidth.com/docs/voice/programmable-voice/bxml */
export const bxmlReader: AnswerReader = {
  read(document) {
    const root = xmlTree(document);
    attributesOf(root, 'Response');
    demand(root.text === '', '<Response> holds text');
    const [first, second] = root.children;
    demand(first !== undefined && root.children.length <= 2, `${root.children.length} verbs`);
    if (first.name === 'StartStream') return streamOf(first, second);
    if (first.name === 'SpeakSentence') return speechOf(first, second);
    return verbOf(onlyChild(root));
  },
  holds: xmlHolds,
  maxBytes: 64 * 1024,
  text: null,
  instead: { reject: ['hangup'] },
};

/** Without an instruction to wait the call would end with its document. */
function streamOf(start: XmlTree, stop: XmlTree | undefined): Said {
  const { name, mode, destination = '' } = attributesOf(start, 'StartStream', 'name', 'mode', 'tracks', 'destination');
  demand(name !== undefined && mode === 'bidirectional', 'a stream of one way, or without a name');
  demandWebSocketUrl(destination);
  demand(stop !== undefined, 'nothing that waits for the stream');
  const { name: stopped, wait } = attributesOf(stop, 'StopStream', 'name', 'wait');
  demandEmpty(stop);
  demand(stopped === name && wait === 'true', 'nothing that waits for the stream');
  demand(start.children.length <= 12, 'more than 12 parameters');
  return { verb: 'stream', url: destination, parameters: start.children.map(parameterOf) };
}

function parameterOf(parameter: XmlTree): Pair {
  const { name = '', value = '' } = attributesOf(parameter, 'StreamParam', 'name', 'value');
  demandEmpty(parameter);
  demand(name !== '' && name.length <= 256 && value.length <= 2048, 'too long a parameter');
  return [name, value];
}

function speechOf(speech: XmlTree, end: XmlTree | undefined): Said {
  attributesOf(speech, 'SpeakSentence', 'locale');
  const text = onlyText(speech);
  demand(text.trim() !== '', 'nothing to say');
  demand(end?.name === 'Hangup', 'speech without an end');
  demandEmpty(end);
  return { verb: 'say', text };
}

function verbOf(verb: XmlTree): Said {
  if (verb.name === 'Hangup') {
    attributesOf(verb, 'Hangup');
    demandEmpty(verb);
    return { verb: 'hangup' };
  }
  const { transferCallerId: callerId = null } = attributesOf(verb, 'Transfer', 'transferCallerId');
  const party = onlyChild(verb);
  if (party.name === 'SipUri') return { verb: 'sip', uri: onlyText(party), callerId };
  attributesOf(party, 'PhoneNumber');
  return { verb: 'dial', to: onlyText(party), callerId };
}
