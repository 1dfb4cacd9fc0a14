import { Webhook } from 'standardwebhooks';
import { signatureHeaders } from './webhook-signature';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

describe('signatureHeaders', () => {
  it('signs the example of the specification as its authors do', () => {
    // The example of the libraries' own tests, which the specification took over from Svix.
    const content = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampS: 1614265330,
      body: '{"test": 2432232314}',
    };
    expect(signatureHeaders(content, [SECRET])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it.each([SECRET, OTHER])('is accepted by the reference library with each of two secrets (%s)', (secret) => {
    const body = '{"name":"Réception – 受付 📞"}';
    const content = { id: 'msg_1', timestampS: Math.floor(Date.now() / 1_000), body };
    const headers = signatureHeaders(content, [SECRET, OTHER]);
    expect(new Webhook(secret).verify(body, headers)).toEqual({ name: 'Réception – 受付 📞' });
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
  });
});
