import { withQuery } from './with-query';

describe('withQuery', () => {
  it.each([
    ['wss://a.example', 'wss://a.example?x=_'],
    ['wss://a.example/?', 'wss://a.example/?x=_'],
    ['wss://a.example/?y=1', 'wss://a.example/?y=1&x=_'],
    ['wss://a.example/?y=1&', 'wss://a.example/?y=1&x=_'],
    // Not yet a query, whatever it looks like.
    ['wss://a.example/&', 'wss://a.example/&?x=_'],
    ['wss://a.example/m#top?', 'wss://a.example/m?x=_'],
  ])('adds to %s', (url, extended) => {
    expect(withQuery(url, { x: '_' })).toBe(extended);
  });

  it('leaves what is there to the letter', () => {
    const signed = 'wss://a.example/%7Em?sig=a%2Fb+c%20~&%zz&&"';
    expect(withQuery(signed, { 'a b': 'é&=+' })).toBe(`${signed}&a+b=%C3%A9%26%3D%2B`);
  });

  it('adds nothing where there is nothing', () => {
    expect(withQuery('wss://a.example?', {})).toBe('wss://a.example?');
  });
});
