import { bannerText, curlLine } from './demo-banner';

const request = { agent_id: 'agent_1', provider: 'san', numbers: ['+918062810341'] } as const;
const banner = { url: 'http://localhost:3000', simulatorUrl: 'http://127.0.0.1:4010', token: "pb_it's", request };

describe('the demo banner', () => {
  it('quotes for a POSIX shell', () => {
    expect(curlLine(banner)).toBe(
      "curl -sS -X POST http://localhost:3000/api/agent/attach-phone-number -H 'token: pb_it'\\''s' " +
        `-H 'content-type: application/json' -d '{"agent_id":"agent_1","provider":"san","numbers":["+918062810341"]}'`,
    );
  });

  it('names the token, Swagger UI and the line', () => {
    const text = bannerText(banner);
    expect(text).toContain('http://localhost:3000/docs');
    expect(text).toContain('http://127.0.0.1:4010/_sim/state');
    expect(text).toContain("pb_it's");
    expect(text.split('\n')).toContain(curlLine(banner));
  });

  it('says so when no number is left', () => {
    const text = bannerText({ ...banner, request: null });
    expect(text).toContain('No phone number is left to attach');
    expect(text).not.toContain('curl');
  });
});
