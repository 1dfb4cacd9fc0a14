import { childOf, readXml, writeXml } from './xml';

describe('readXml', () => {
  it('reads names, attributes, texts and children', () => {
    const root = readXml(
      '<?xml version="1.0"?><Response><Say voice="a&amp;b"> 5 &lt; 6 <![CDATA[& <b>]]></Say></Response>',
    );
    expect(childOf(root, 'Say')).toMatchObject({ attributes: { voice: 'a&b' }, text: '5 < 6 & <b>', children: [] });
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a b=c/>',
    '<a b="1" b="2"/>',
    '<a>fish & chips</a>',
    '<a href="?x=1&y=2"/>',
    '<a>\u0001</a>',
    '<a>]]></a>',
    '<a/><b/>',
  ])('takes %j for no XML', (text) => expect(readXml(text)).toBeUndefined());
});

describe('writeXml', () => {
  it('escapes texts and nests what is written', () => {
    expect(writeXml('A', [writeXml('B', 'x<&">'), writeXml('C'), writeXml('D', 7)])).toBe(
      '<A><B>x&lt;&amp;&quot;&gt;</B><C/><D>7</D></A>',
    );
  });
});
