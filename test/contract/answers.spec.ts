import fc from 'fast-check';
import { ADAPTERS } from '../../src/providers/adapters/registry';
import type { Answer, AnswerContext, AnswerDocument, AnswerRenderer } from '../../src/providers/contract/answer';
import type { AnyProviderAdapter } from '../../src/providers/contract/provider-adapter';
import type { Vendor } from '../../src/simulator/core/vendor';
import { createVendors } from '../../src/simulator/vendors';
import type { AnswerReader, Pair, Said } from '../support/contract/answer-reader';
import { ANSWER_READERS } from '../support/contract/answer-readers';
import {
  agentUrl,
  anyParameters,
  anyText,
  callerId,
  e164,
  language,
  longText,
  plainParameters,
  sipUri,
} from '../support/contract/arbitrary-answers';
import { jsonOf, jsonPaths } from '../support/contract/json-reading';
import { xmlPaths, xmlTree } from '../support/contract/xml-tree';

const VENDORS = createVendors({ now: Date.now });
const ANSWERING = (Object.values(ADAPTERS) as AnyProviderAdapter[])
  .filter((adapter) => adapter.answer !== null)
  .map((adapter) => ({ name: adapter.name, adapter, reader: ANSWER_READERS[adapter.name] }));
const READ = ANSWERING.flatMap(({ name, adapter, reader }) => (reader ? [{ name, adapter, reader }] : []));

/** Renders as for a call of the vendor's demo account. */
function rendering({ name, answer, credentials }: AnyProviderAdapter): (given: Answer) => AnswerDocument {
  const vendor: Vendor<unknown> = VENDORS[name];
  const context: AnswerContext = {
    credentials: Object.assign(new credentials(), vendor.demos[0].credentials),
    providerCallId: 'the-call',
    from: '+12025550147',
    to: '+14155550123',
  };
  return (given) => (answer as AnswerRenderer).render(given, context);
}

/** Line ends of an XML document are all read as line feeds: https://www.w3.org/TR/xml/#sec-line-ends */
const lines = (text: string): string => text.replace(/\r\n?/g, '\n');

function splitOnce(text: string, separator: string): Pair {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const pairsOf = (query: string): Pair[] => [...new URLSearchParams(query)];

const answers: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({
    kind: fc.constant('stream'),
    url: agentUrl,
    parameters: fc.record({ call_id: anyText, note: longText }),
  }),
  fc.record({ kind: fc.constant('sip'), uri: sipUri, callerId }),
  fc.record({ kind: fc.constant('dial'), to: e164, callerId }),
  fc.record({ kind: fc.constant('say'), text: fc.oneof(anyText, longText), language }),
  fc.record({ kind: fc.constant('reject'), reason: fc.constantFrom('busy', 'rejected') }),
);

/** The same in words that no parser could take for anything else, in all forms that a document of the kind may have. */
function harmless(answer: Answer): Answer[] {
  switch (answer.kind) {
    case 'stream': {
      const parameters = { call_id: 'call', note: 'n' };
      const forms: Record<string, string>[] = [
        {},
        parameters,
        { call_id: 'call' },
        { note: 'n' },
        { call_id: 'x'.repeat(600), note: 'n' },
      ];
      return ['wss://a.example/m', 'wss://a.example/m?a=b'].flatMap((url) =>
        forms.map((form): Answer => ({ ...answer, url, parameters: form })),
      );
    }
    case 'sip':
      return ['sip:a@b.example', 'sip:trunk'].map((uri): Answer => ({ ...answer, uri }));
    case 'say':
      return [null, 'en-US', 'pt-PT', 'xx'].flatMap((one) =>
        ['Hello', ''].map((text): Answer => ({ ...answer, text, language: one })),
      );
    case 'dial':
    case 'reject':
      return [answer];
  }
}

/** Where there is anything in a document, whatever it is. */
function placesIn(document: AnswerDocument): string[] {
  if (/xml/.test(document.contentType)) return xmlPaths(xmlTree(document));
  return /json/.test(document.contentType) ? jsonPaths(jsonOf(document)) : [];
}

describe.each(ANSWERING)('the answers to $name', ({ adapter }) => {
  it('have the form of harmless ones, whatever texts and URLs are in them', () => {
    const render = rendering(adapter);
    fc.assert(
      fc.property(answers, (answer) => {
        const known = new Set(harmless(answer).flatMap((one) => placesIn(render(one))));
        const places = placesIn(render(answer));
        expect(places.filter((place) => !known.has(place))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

describe.each(READ)('what $name is told', ({ adapter, reader }) => {
  const render = rendering(adapter);

  /** Checked against what holds for every document. */
  function read(answer: Answer): Said {
    const document = render(answer);
    if (reader.maxBytes !== null) expect(Buffer.byteLength(document.body)).toBeLessThanOrEqual(reader.maxBytes);
    return reader.read(document);
  }

  /** What is said, if it is what was asked for, and not what the vendor has in its place. */
  function readAs<V extends Said['verb']>(verb: V & Answer['kind'], answer: Answer): Extract<Said, { verb: V }> | null {
    const said = read(answer);
    if (said.verb === verb) return said as Extract<Said, { verb: V }>;
    expect(reader.instead?.[verb]).toContain(said.verb);
    return null;
  }

  it('is a stream to the URL of the agent, with what fits of any parameters', () => {
    fc.assert(
      fc.property(agentUrl, anyParameters, (url, parameters) => {
        const said = readAs('stream', { kind: 'stream', url, parameters });
        if (said) expectStream(said, url, parameters, reader);
      }),
      { numRuns: 300, examples: [['wss://agent.example.com', { '': '\r\udbff\n' }]] },
    );
  });

  it('is a stream with all parameters, where they are short and few', () => {
    fc.assert(
      fc.property(agentUrl, plainParameters, (url, parameters) => {
        const said = readAs('stream', { kind: 'stream', url, parameters });
        if (!said) return;
        const carried = expectStream(said, url, parameters, reader);
        if (fitsQuery(url, parameters, reader)) expect(carried).toMatchObject(parameters);
      }),
      { numRuns: 300 },
    );
  });

  it('is a SIP URI as it is', () => {
    fc.assert(
      fc.property(sipUri, callerId, (uri, caller) => {
        const said = readAs('sip', { kind: 'sip', uri, callerId: caller });
        if (!said) return;
        expect(said.uri.toLowerCase()).toBe(uri.toLowerCase());
        if (said.callerId !== null) expectNumber(said.callerId, caller);
      }),
    );
  });

  it('is a number to call', () => {
    fc.assert(
      fc.property(e164, callerId, (to, caller) => {
        const said = readAs('dial', { kind: 'dial', to, callerId: caller });
        expectNumber(said?.to ?? null, to);
        if (said?.callerId) expectNumber(said.callerId, caller);
      }),
    );
  });

  it('is a text, cut where it is too long', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, longText), language, (text, tag) => {
        const said = read({ kind: 'say', text, language: tag });
        const whole = lines(reader.holds(text));
        if (said.verb !== 'say') {
          // Nothing is to be said, as far as it would be.
          expect(said.verb).toBe('hangup');
          expect(
            [...whole]
              .slice(0, reader.text?.most ?? 10_000)
              .join('')
              .trim(),
          ).toBe('');
          return;
        }
        expectText(lines(said.text), whole, text, reader);
      }),
      { numRuns: 400 },
    );
  });

  it.each(['busy', 'rejected'] as const)('is to reject as %s', (reason) => {
    const said = readAs('reject', { kind: 'reject', reason });
    if (said) expect(said.reason).toBe(reason);
  });
});

/** A number in any notation of it. */
function expectNumber(said: string | null, e164Form: string | null): void {
  if (e164Form === null) return expect(said).toBeNull();
  const digits = e164Form.slice(1);
  expect([e164Form, digits, digits.replace(/^91/, '0')]).toContain(said);
}

/** All of the text, or as much of its beginning as the vendor takes. */
function expectText(said: string, whole: string, given: string, { text: limit, holds }: AnswerReader): void {
  if (limit === null) {
    // Where a vendor documents no limit, an adapter's own must leave every text of the API whole.
    if (given.length <= 10_000) expect(said).toBe(whole);
    expect(whole.startsWith(said)).toBe(true);
    return;
  }
  expect(limit.measure(said)).toBeLessThanOrEqual(limit.most);
  if (limit.measure(given) <= limit.most) return expect(said).toBe(whole);
  expect(whole.startsWith(said)).toBe(true);
  // No more is missing than one character that did not fit, and what cannot be held.
  const lost = limit.measure(given) - limit.measure(holds(given));
  expect(limit.measure(said) + lost + 4).toBeGreaterThan(limit.most);
}

/**
 * The URL is there to the letter, but for a query that was moved into the parameters, and all else that is said is one of
 * the parameters or the beginning of one. Gives back what is carried, wherever it is.
 */
function expectStream(
  said: Extract<Said, { verb: 'stream' }>,
  url: string,
  parameters: Readonly<Record<string, string>>,
  reader: AnswerReader,
): Record<string, string> {
  const [base, query] = splitOnce(reader.holds(url), '?');
  const [saidBase, saidQuery] = splitOnce(said.url, '?');
  expect(saidBase).toBe(base);
  const isMoved = saidQuery === '' && query !== '';
  if (!isMoved) expect(saidQuery.slice(0, query.length)).toBe(query);
  const added = isMoved ? [] : pairsOf(saidQuery.slice(query.length).replace(/^&/, ''));
  const own = isMoved ? pairsOf(query) : [];
  const given = [...own, ...Object.entries(parameters)].map(plainPair);
  const carried = [...said.parameters, ...added].map(plainPair);
  const foreign = carried.filter(
    ([name, value]) => !given.some(([ofName, whole]) => ofName === name && whole.startsWith(value)),
  );
  expect(foreign).toEqual([]);
  if (isMoved) {
    const last = Object.entries(Object.fromEntries(own.filter(([name]) => !Object.hasOwn(parameters, name))));
    const short = last.filter(([name, value]) => reader.holds(name) !== '' && name.length + value.length < 500);
    for (const pair of short) expect(carried).toContainEqual(plainPair(pair));
  }
  if (reader.query && query.length <= reader.query.characters && pairsOf(query).length <= reader.query.pairs) {
    expect(saidQuery.length).toBeLessThanOrEqual(reader.query.characters);
    expect(pairsOf(saidQuery).length).toBeLessThanOrEqual(reader.query.pairs);
  }
  return Object.fromEntries(carried);

  /** As it is after a way on which half characters are lost, or become others, and so do line ends. */
  function plainPair([name, value]: Pair): Pair {
    // Those first: a half character between a carriage return and a line feed keeps the two from being one line end.
    const plain = (text: string) => lines(reader.holds(text.replace(/[\ud800-\udfff\ufffd]/gu, '')));
    return [plain(name), plain(value)];
  }
}

function fitsQuery(url: string, parameters: Readonly<Record<string, string>>, { query: limit }: AnswerReader): boolean {
  if (!limit) return true;
  const pairs = splitOnce(url, '?')[1]
    .split('&')
    .filter((pair) => pair !== '');
  const all = [...pairs, ...Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)];
  return all.length <= limit.pairs && all.join('&').length <= limit.characters;
}
