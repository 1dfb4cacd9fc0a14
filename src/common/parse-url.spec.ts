import { parseUrl } from './parse-url';

describe('parseUrl', () => {
  it('reads a host that is not ASCII, however often it is asked', () => {
    for (let count = 0; count < 20_000; count++) expect(parseUrl('wss://müller.example/')?.hostname).toBeDefined();
    expect(parseUrl('wss://müller.example/')?.hostname).toBe('xn--mller-kva.example');
  });

  it('answers undefined for what is no URL', () => expect(parseUrl('agent.example/media')).toBeUndefined());
});
