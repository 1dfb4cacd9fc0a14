import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { element, parseXml, xmlDocument, xmlText } from './xml';

const AWKWARD = `<&"'> ]]> 😀 é \t`;

function reread(document: string): unknown {
  expect(XMLValidator.validate(document)).toBe(true);
  return new XMLParser({ ignoreAttributes: false, trimValues: false, attributeNamePrefix: '' }).parse(document);
}

describe('xmlDocument', () => {
  it('carries any text unharmed, as another parser reads it', () => {
    const document = xmlDocument(element('Response', {}, element('Say', { voice: AWKWARD.trimEnd() }, AWKWARD)));
    expect(document.startsWith('<?xml version="1.0" encoding="UTF-8"?><Response>')).toBe(true);
    expect(reread(document)).toMatchObject({
      Response: { Say: { voice: AWKWARD.trimEnd(), '#text': AWKWARD } },
    });
  });

  it('lets nothing break out of an attribute', () => {
    const url = 'wss://agent.example/"/><Dial>+1900</Dial><x y="';
    const root = parseXml(xmlDocument(element('Response', {}, element('Stream', { url }))));
    expect(root?.children().map(({ name }) => name)).toEqual(['Stream']);
    expect(root?.at('Stream')?.attribute('url')).toBe(url);
  });

  it('drops what XML cannot hold', () => {
    const document = xmlDocument(element('Say', { a: 'x\u0000y' }, 'a\u0001b\uD800c\uFFFEd'));
    expect(document).toContain('<Say a="xy">abcd</Say>');
    expect(xmlText('a\u0001b\uD800c\uFFFEd😀\t')).toBe('abcd😀\t');
  });

  it('leaves out what is undefined', () => {
    expect(xmlDocument(element('A', { b: undefined }, undefined, element('C')))).toContain('<A><C/></A>');
  });
});

describe('parseXml', () => {
  const root = parseXml('<r:Root xmlns:r="urn:x"><Site><Id> 7 </Id></Site><Site/><T>a &amp; b</T></r:Root>');

  it('reads names, texts and paths', () => {
    expect(root?.name).toBe('Root');
    expect(root?.children('Site')).toHaveLength(2);
    expect(root?.textAt('Site', 'Id')).toBe('7');
    expect(root?.textAt('T')).toBe('a & b');
    expect(root?.textAt('Site', 'Name')).toBeNull();
    expect(root?.at('None', 'Id')).toBeNull();
  });

  it.each(['', 'no xml', '<a>', '<a></b>', '{"a":1}', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', '<a/><b/>'])(
    'answers null for %j',
    (text) => expect(parseXml(text)).toBeNull(),
  );
});
