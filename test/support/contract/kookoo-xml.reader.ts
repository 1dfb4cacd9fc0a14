import { type AnswerReader, demand, demandWebSocketUrl, type Said } from './answer-reader';
import { attributesOf, demandEmpty, onlyChild, onlyText, xmlHolds, type XmlTree, xmlTree } from './xml-tree';

/** https://cpaas.ozonetel.com/index.php/kookoo-docs and, for streams, https://github.com/anoopk405/kookoo-voicebot */
export const kookooXmlReader: AnswerReader = {
  read(document) {
    const root = xmlTree(document);
    attributesOf(root, 'response');
    const [first, second] = root.children;
    if (first?.name !== 'playtext') return verbOf(onlyChild(root));
    attributesOf(first, 'playtext', 'lang', 'speed', 'quality', 'type');
    demand(second?.name === 'hangup' && root.children.length === 2, 'more than speech and its end');
    demandEmpty(second);
    return { verb: 'say', text: onlyText(first) };
  },
  holds: xmlHolds,
  maxBytes: null,
  text: null,
  // KooKoo dials no SIP address, and has answered before it asks.
  instead: { sip: ['say'], reject: ['hangup'] },
};

function verbOf(verb: XmlTree): Said {
  switch (verb.name) {
    case 'stream':
      return streamOf(verb);
    case 'dial':
      attributesOf(verb, 'dial');
      return { verb: 'dial', to: onlyText(verb), callerId: null };
    default:
      attributesOf(verb, 'hangup');
      demandEmpty(verb);
      return { verb: 'hangup' };
  }
}

function streamOf(stream: XmlTree): Said {
  const attributes = attributesOf(stream, 'stream', 'is_sip', 'url', 'x-uui');
  const url = attributes.url ?? '';
  demandWebSocketUrl(url);
  demand(attributes.is_sip === 'true' && /^\d+$/.test(onlyText(stream)), 'no SIP extension');
  const parameters = JSON.parse(attributes['x-uui'] ?? '{}') as Record<string, string>;
  return { verb: 'stream', url, parameters: Object.entries(parameters) };
}
