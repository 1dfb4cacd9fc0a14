import type { NumberPage, NumberReference } from '../../contract/route';
import { HttpClient } from '../../support/http-client';
import { type Asked, RecordingServer, type Reply } from '../../support/recording-server.fixture';
import { ExotelClient } from './exotel.client';
import { ExotelCredentials } from './exotel.credentials';

const SID = 'acme1';
const LIST = `/v2_beta/Accounts/${SID}/IncomingPhoneNumbers`;
const FLOW = `http://my.exotel.com/${SID}/exoml/start_voice/926`;
/** With the members of https://developer.exotel.com/docs/exophones/api-reference/number-details */
const HELD = {
  sid: '01139585476',
  phone_number: '+911139585476',
  friendly_name: '01139585476',
  capabilities: { voice: true, sms: true },
  country: 'IN',
  region: 'DL',
  voice_url: 'https://my.exotel.com/acme1/exoml/start_voice/17',
  sms_url: null,
};
const ROUTED = { ...HELD, voice_url: FLOW };
const NUMBER: NumberReference = { phoneNumber: '+911139585476', providerNumberId: HELD.sid };
const TARGET = { answerUrl: 'https://voice.example.com/in', statusUrl: 'https://voice.example.com/in/status' };

/** As documented with links, whose host is an internal one: https://developer.exotel.com/api/exophone-details */
const page = (number: number, items: unknown[], hasNext = false): Reply => [
  200,
  {
    page: number,
    page_size: 50,
    next_page_uri: hasNext ? `https://twilix.exotel.com${LIST}?Page=${number + 1}&PageSize=50` : null,
    incoming_phone_numbers: items,
  },
];
// https://developer.exotel.com/docs/sms-support/sms-api-errors; other answers have a number for the code.
const refusal = (status: number, code: unknown): Reply => [
  status,
  { RestException: { Status: status, Message: 'Authentication failed. Invalid API Key or Token.', Code: code } },
];

describe('ExotelClient', () => {
  const server = new RecordingServer();

  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  afterEach(() => expect(server.replies).toEqual([]));

  const client = (more: Partial<ExotelCredentials> = {}) =>
    new ExotelClient(
      Object.assign(
        new ExotelCredentials(),
        { account_sid: SID, api_key: 'key-1', api_token: 'token-1', region: 'singapore', app_id: '926' },
        more,
      ),
      new HttpClient({ vendor: 'exotel', baseUrl: server.origin }),
    );
  const paths = () => server.asked.map(({ method, path }) => `${method} ${path}`);
  const form = (asked: Asked | undefined) => [...new URLSearchParams(asked?.body)];

  it.each([
    ['singapore', 'https://api.exotel.com'],
    ['mumbai', 'https://api.in.exotel.com'],
  ] as const)('asks %s at %s', async (region, host) => {
    const urls: string[] = [];
    const http = {
      send: ({ url }: { url: string }) => {
        urls.push(url);
        return Promise.resolve({
          status: 200,
          headers: new Headers(),
          text: '',
          json: { page: 0, incoming_phone_numbers: [] },
        });
      },
    };
    const credentials = { account_sid: SID, api_key: 'k', api_token: 't', region };
    await new ExotelClient(Object.assign(new ExotelCredentials(), credentials), http).verify();
    expect(urls).toEqual([`${host}${LIST}?Page=0&PageSize=1`]);
  });

  describe('verify', () => {
    it('lists one number as key and token', async () => {
      server.replies.push(page(0, [HELD]));
      expect(await client().verify()).toEqual({ verified: true });
      expect(paths()).toEqual([`GET ${LIST}`]);
      // printf 'key-1:token-1' | base64
      expect(server.asked[0]?.headers.authorization).toBe('Basic a2V5LTE6dG9rZW4tMQ==');
    });

    it.each([
      [401, 'UNAUTHORIZED'],
      [403, 1010],
    ])('takes %i for rejected credentials, without the words of Exotel', async (status, code) => {
      server.replies.push(refusal(status, code));
      await expect(client().verify()).rejects.toMatchObject({
        kind: 'credentials_rejected',
        vendorCode: String(code),
        message: `Exotel rejected the credentials (HTTP ${status}, error ${code})`,
      });
    });

    it('takes an unknown account for rejected credentials', async () => {
      server.replies.push([404, 'Not Found']);
      await expect(client().verify()).rejects.toMatchObject({ kind: 'credentials_rejected', httpStatus: 404 });
    });
  });

  describe('numbers', () => {
    const all = async (after: string | null = null) => {
      const pages: NumberPage[] = [];
      for await (const one of client().numbers(after)) pages.push(one);
      return pages;
    };
    const other = { ...HELD, sid: '9eeafc8ab479a386dc95f854f9d7cd8a', phone_number: '08068875264' };

    it('reads page by page by number, and never follows a link', async () => {
      server.replies.push(page(0, [HELD], true), page(1, [other]));
      expect(await all()).toEqual([
        { numbers: [{ phoneNumber: '+911139585476', providerNumberId: '01139585476' }], next: '1' },
        { numbers: [{ phoneNumber: '+918068875264', providerNumberId: other.sid }], next: null },
      ]);
      expect(server.asked.map(({ query }) => Object.fromEntries(query))).toEqual([
        { Page: '0', PageSize: '50' },
        { Page: '1', PageSize: '50' },
      ]);
    });

    it('goes on behind a page', async () => {
      server.replies.push(page(7, [other]));
      await all('7');
      expect(Object.fromEntries(server.asked[0]?.query ?? [])).toMatchObject({ Page: '7' });
    });

    it('asks for a page only when it is wanted', async () => {
      server.replies.push(page(0, [HELD], true));
      const iterator = client().numbers(null)[Symbol.asyncIterator]();
      await iterator.next();
      await iterator.return?.();
      expect(server.asked).toHaveLength(1);
    });

    it('ends at a page that is not full where there are no links', async () => {
      const bare = { ...(page(0, [HELD, other])[1] as object), next_page_uri: undefined };
      server.replies.push([200, { ...bare, page_size: 2 }], [200, { ...bare, page: 1, incoming_phone_numbers: [] }]);
      expect((await all()).map(({ next }) => next)).toEqual(['1', null]);
    });

    it('leaves out what is no number', async () => {
      server.replies.push(page(0, [{ ...HELD, phone_number: '56767' }, other]));
      expect((await all())[0]?.numbers).toEqual([{ phoneNumber: '+918068875264', providerNumberId: other.sid }]);
    });

    it('does not go round in circles where the number of the page is ignored', async () => {
      const same = { ...(page(0, [HELD, other], true)[1] as object), page: undefined };
      server.replies.push([200, same], [200, same]);
      await expect(all()).rejects.toMatchObject({ kind: 'transient' });
    });

    it.each<Reply>([
      page(3, [HELD]),
      page(0, [{ phone_number: '+911139585476' }]),
      [200, { response: [] }],
      [200, '<html>'],
    ])('does not understand %j', async (...reply) => {
      server.replies.push(reply);
      await expect(all()).rejects.toMatchObject({ kind: 'transient' });
    });

    it('does not understand a cursor of somebody else', async () => {
      await expect(all('https://evil.example.com')).rejects.toMatchObject({ kind: 'transient' });
    });
  });

  describe('find', () => {
    it('compares whole numbers, whichever way they are listed', async () => {
      const longer = { ...HELD, sid: 'a', phone_number: '+9111395854761' };
      server.replies.push(page(0, [longer], true), page(1, [{ ...HELD, phone_number: '01139585476' }]));
      expect(await client().find('+911139585476')).toEqual(NUMBER);
      server.replies.push(page(0, [longer]));
      expect(await client().find('+911139585476')).toBeNull();
    });

    it('reads national numbers as those of the country of the account', async () => {
      server.replies.push(page(0, [{ ...HELD, phone_number: '61234567' }]));
      expect(await client({ country: 'SG' }).find('+6561234567')).toMatchObject({ phoneNumber: '+6561234567' });
    });
  });

  describe('readRoute', () => {
    it('keeps the flow', async () => {
      server.replies.push([200, HELD]);
      const route = await client().readRoute(NUMBER);
      expect(paths()).toEqual([`GET ${LIST}/01139585476`]);
      expect(route.snapshot).toEqual({ voice_url: 'https://my.exotel.com/acme1/exoml/start_voice/17' });
      expect(route.matches(TARGET)).toBe(false);
    });

    it.each([
      [FLOW, true],
      ['https://my.mum1.exotel.com/acme1/exoml/start_voice/926', true],
      ['http://my.exotel.in/acme1/exoml/start_voice/926/', true],
      ['https://my.exotel.com/exoml/start/926', true],
      ['http://my.exotel.com/acme1/exoml/start_voice/9260', false],
      ['http://my.exotel.com/acme1/exoml/start_voice/1926', false],
      ['http://my.exotel.com/other/exoml/start_voice/926', false],
      ['http://my.exotel.com/acme1/exoml/start_sms/926', false],
      ['http://exotel.com.evil.example/acme1/exoml/start_voice/926', false],
      ['', false],
      [null, false],
    ])('tells of %j whether it is our flow: %j', async (voiceUrl, isOurs) => {
      server.replies.push([200, { ...HELD, voice_url: voiceUrl }]);
      expect((await client().readRoute(NUMBER)).matches(TARGET)).toBe(isOurs);
    });

    it('matches nothing without app_id', async () => {
      server.replies.push([200, ROUTED]);
      expect((await client({ app_id: undefined }).readRoute(NUMBER)).matches(TARGET)).toBe(false);
    });

    it('looks the number up where its sid is gone, and throws not_owned where it is not listed', async () => {
      server.replies.push([404, ''], page(0, [{ ...HELD, sid: 'new' }]));
      expect((await client().readRoute(NUMBER)).providerNumberId).toBe('new');
      server.replies.push([404, ''], page(0, []));
      await expect(client().readRoute(NUMBER)).rejects.toMatchObject({ kind: 'not_owned' });
    });
  });

  it('does not take a number for another whose sid it has', async () => {
    const other = { ...HELD, phone_number: '+911139585477' };
    server.replies.push([200, other], page(0, [other, { ...HELD, sid: 'new' }]));
    expect((await client().readRoute(NUMBER)).providerNumberId).toBe('new');
    server.replies.push([200, { ...other, voice_url: FLOW }], page(0, [other]));
    await expect(client().unroute(NUMBER, null, [TARGET])).rejects.toMatchObject({ kind: 'not_owned' });
    expect(server.asked.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  describe('route', () => {
    it('assigns the flow', async () => {
      server.replies.push([200, ROUTED]);
      await client().route(NUMBER, TARGET);
      expect(paths()).toEqual([`PUT ${LIST}/01139585476`]);
      expect(form(server.asked[0])).toEqual([['VoiceUrl', FLOW]]);
    });

    it('asks again where the answer does not show the flow', async () => {
      server.replies.push([200, { ...HELD, voice_url: undefined }], [200, ROUTED]);
      await client().route(NUMBER, TARGET);
      expect(paths()).toEqual([`PUT ${LIST}/01139585476`, `GET ${LIST}/01139585476`]);
    });

    it('does not believe a 200 that shows another flow', async () => {
      server.replies.push([200, HELD]);
      await expect(client().route(NUMBER, TARGET)).rejects.toMatchObject({ kind: 'transient' });
    });

    it('refuses without app_id, and says so', async () => {
      const refused = client({ app_id: undefined }).route(NUMBER, TARGET);
      await expect(refused).rejects.toMatchObject({
        kind: 'permanent',
        message: expect.stringContaining('app_id') as string,
      });
      expect(server.asked).toEqual([]);
    });

    it('throws not_owned for a number that is not there', async () => {
      server.replies.push(page(0, []));
      const number = { ...NUMBER, providerNumberId: null };
      await expect(client().route(number, TARGET)).rejects.toMatchObject({ kind: 'not_owned' });
    });

    it.each([
      [400, 'permanent'],
      [402, 'permanent'],
      [409, 'transient'],
      [429, 'rate_limited'],
      [500, 'transient'],
    ])('takes HTTP %i for %s', async (status, kind) => {
      server.replies.push([status, '']);
      await expect(client().route(NUMBER, TARGET)).rejects.toMatchObject({ kind, httpStatus: status });
    });
  });

  describe('unroute', () => {
    const former = { voice_url: 'https://my.exotel.com/acme1/exoml/start_voice/17' };
    const posted = async (snapshot: Record<string, string | null> | null, held: object, shown: object = HELD) => {
      server.replies.push([200, held], [200, shown]);
      await client().unroute(NUMBER, snapshot, [TARGET]);
      const [, put] = server.asked;
      if (!put) server.replies.length = 0;
      return put && form(put);
    };

    it('gives the former flow back', async () => {
      expect(await posted(former, ROUTED)).toEqual([['VoiceUrl', former.voice_url]]);
    });

    it('clears the flow where there was none, or nothing is known', async () => {
      server.replies.push([200, ROUTED], [200, { ...HELD, voice_url: '' }], [200, { ...HELD, voice_url: '' }]);
      await client().unroute(NUMBER, null, [TARGET]);
      expect(form(server.asked[1])).toEqual([['VoiceUrl', '']]);
    });

    it('leaves alone what somebody else has set since', async () => {
      expect(await posted(former, { ...HELD, voice_url: 'http://my.exotel.com/acme1/exoml/start_voice/5' })).toBe(
        undefined,
      );
    });

    it('has nothing to do where the number was in the flow before', async () => {
      expect(await posted({ voice_url: 'https://my.mum1.exotel.com/acme1/exoml/start_voice/926' }, ROUTED)).toBe(
        undefined,
      );
    });

    it('does not believe a 200 that still shows our flow', async () => {
      await expect(posted(former, ROUTED, ROUTED)).rejects.toMatchObject({ kind: 'transient' });
    });
  });
});
