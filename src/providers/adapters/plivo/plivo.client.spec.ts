import { ProviderError } from '../../contract/provider-error';
import type { NumberPage, NumberReference, RouteSnapshot } from '../../contract/route';
import {
  type Answer,
  applicationItem,
  APP_ID,
  CHANGED,
  MemoryShared,
  NO_CONTENT,
  NOT_FOUND,
  numberItem,
  ok,
  page,
  ScriptedPlivo,
  SHARED_NAME,
  TARGET,
} from './plivo.fixture';

const DIGITS = '18135401302';
const NUMBER: NumberReference = { phoneNumber: `+${DIGITS}`, providerNumberId: null };
const OTHER_APP = '29986316244302815';
const FORMER: RouteSnapshot = { app_id: OTHER_APP, object_type: null, object_id: null };
const REMEMBERED = { app_id: APP_ID };
const URLS = {
  answer_url: TARGET.answerUrl,
  answer_method: 'POST',
  hangup_url: TARGET.statusUrl,
  hangup_method: 'POST',
  default_number_app: false,
  default_endpoint_app: false,
};

async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

describe('PlivoClient', () => {
  const plivo = new ScriptedPlivo();

  beforeAll(() => plivo.start());
  afterAll(() => plivo.stop());
  afterEach(() => expect(plivo.answers).toEqual([]));

  const collect = async (after: string | null = null) => {
    const pages: NumberPage[] = [];
    for await (const one of plivo.client().numbers(after)) pages.push(one);
    return pages;
  };

  describe('verify', () => {
    it('lists numbers with the Auth ID and token', async () => {
      plivo.script(page([], 0, 0));
      expect(await plivo.client().verify()).toEqual({ verified: true });
      expect(plivo.asked).toEqual([
        {
          line: 'GET /Number/?limit=20&offset=0',
          json: undefined,
          // Of "MAXXXXXXXXXXXXXXXXXX:my_auth_token", by base64(1).
          authorization: 'Basic TUFYWFhYWFhYWFhYWFhYWFhYWFg6bXlfYXV0aF90b2tlbg==',
        },
      ]);
    });

    // The three shapes that Plivo's SDK is prepared for: plain text, a text member and an object member.
    it.each([
      [401, 'Could not verify your access level for that URL.\nYou have to login with proper credentials'],
      [401, { api_id: 'x', error: 'authentication failed' }],
      [403, { api_id: 'x', error: { error: 'forbidden' } }],
      [404, { api_id: 'x', error: 'not found' }],
    ])('takes HTTP %i for rejected credentials, whatever its body', async (status, body) => {
      plivo.script([status, body]);
      const error = await failure(plivo.client().verify());
      expect(error).toMatchObject({ kind: 'credentials_rejected', httpStatus: status });
      expect(error.message).not.toContain('my_auth_token');
    });

    it('passes on what the HTTP client makes of 429 and 500', async () => {
      plivo.script([429, 'slow down']);
      expect(await failure(plivo.client().verify())).toMatchObject({ kind: 'rate_limited' });
      plivo.script([500, { error: 'oops' }]);
      expect(await failure(plivo.client().verify())).toMatchObject({ kind: 'transient' });
    });
  });

  describe('numbers', () => {
    it('reads page by page, each when it is asked for', async () => {
      plivo.script(page([numberItem('14155550100', APP_ID), numberItem('442079460000', null)], 0, 3));
      const pages = plivo.client().numbers(null)[Symbol.asyncIterator]();
      expect(await pages.next()).toEqual({
        done: false,
        value: {
          numbers: [
            { phoneNumber: '+14155550100', providerNumberId: null },
            { phoneNumber: '+442079460000', providerNumberId: null },
          ],
          next: '2',
        },
      });
      expect(plivo.lines).toEqual(['GET /Number/?limit=20&offset=0']);
      plivo.script(page([numberItem('14155550101', null)], 2, 3));
      expect((await pages.next()).value).toMatchObject({ next: null });
      expect(plivo.lines).toEqual(['GET /Number/?limit=20&offset=2']);
      expect(await pages.next()).toMatchObject({ done: true });
    });

    it('goes on behind a page read before', async () => {
      plivo.script(page([numberItem('14155550101', null)], 40, 41));
      expect(await collect('40')).toHaveLength(1);
      expect(plivo.lines).toEqual(['GET /Number/?limit=20&offset=40']);
    });

    it('goes on although only the count, or only the link, says that there is more', async () => {
      plivo.script(
        page([numberItem('14155550100', null)], 0, 2, { next: null }),
        page([numberItem('14155550101', null)], 1, 2),
      );
      expect(await collect()).toHaveLength(2);
      plivo.script(
        page([numberItem('14155550100', null)], 0, 2, { total_count: undefined }),
        page([numberItem('14155550101', null)], 1, 2),
      );
      expect(await collect()).toHaveLength(2);
    });

    it('follows no link: only whether there is one counts', async () => {
      plivo.script(
        page([numberItem('14155550100', null)], 0, 2, { next: 'https://evil.example/?limit=20&offset=1' }),
        page([numberItem('14155550101', null)], 1, 2),
      );
      expect(await collect()).toHaveLength(2);
      expect(plivo.lines[1]).toBe('GET /Number/?limit=20&offset=1');
    });

    it('leaves out what cannot be E.164, and nothing else', async () => {
      plivo.script(page([numberItem('54321', null), numberItem('14155550100', null)], 0, 2));
      expect((await collect())[0]?.numbers).toEqual([{ phoneNumber: '+14155550100', providerNumberId: null }]);
    });

    it.each([
      ['no JSON', 'OK'],
      ['no list', { meta: { total_count: 0, next: null } }],
      ['no meta', { objects: [] }],
      ['an item that is none', { meta: { total_count: 1, next: null }, objects: [{ alias: 'x' }] }],
      ['an empty page with more behind it', { meta: { total_count: 9, next: '/v1/' }, objects: [] }],
    ])('does not understand %s', async (_what, body) => {
      plivo.script([200, body]);
      expect(await failure(collect())).toMatchObject({
        kind: 'transient',
        message: 'Plivo gave an answer that is not understood',
      });
    });

    it('refuses a cursor that is none', async () => {
      plivo.script();
      expect(await failure(collect('../Call'))).toMatchObject({ kind: 'permanent' });
      expect(plivo.lines).toEqual([]);
    });
  });

  describe('find', () => {
    it('asks for the digits, with a slash behind them', async () => {
      plivo.script(ok(numberItem(DIGITS, null)));
      expect(await plivo.client().find(`+${DIGITS}`)).toEqual(NUMBER);
      expect(plivo.lines).toEqual([`GET /Number/${DIGITS}/`]);
    });

    it('knows nothing of a number that is not there', async () => {
      plivo.script(NOT_FOUND);
      expect(await plivo.client().find(`+${DIGITS}`)).toBeNull();
    });

    it('takes no other number for it', async () => {
      plivo.script(ok(numberItem('18135401303', null)));
      expect(await plivo.client().find(`+${DIGITS}`)).toBeNull();
    });
  });

  describe('readRoute', () => {
    it('reads the number and the application it leads to', async () => {
      plivo.script(ok(numberItem(DIGITS, APP_ID)), ok(applicationItem()));
      const route = await plivo.client().readRoute(NUMBER);
      expect(plivo.lines).toEqual([`GET /Number/${DIGITS}/`, `GET /Application/${APP_ID}/`]);
      expect(route).toMatchObject({
        providerNumberId: null,
        snapshot: { app_id: APP_ID, object_type: null, object_id: null },
      });
      expect(route.matches(TARGET)).toBe(true);
      expect(route.matches({ ...TARGET, answerUrl: 'https://voice.example.com/inbound/plivo/other' })).toBe(false);
      expect(route.matches({ ...TARGET, statusUrl: 'https://voice.example.com/other' })).toBe(false);
    });

    it.each([
      ['asked for with GET', { answer_method: 'GET' }],
      ['told with GET', { hangup_method: 'GET' }],
      ['disabled', { enabled: false }],
      ['without a hang-up URL', { hangup_url: '' }],
    ])('does not take an application for ours that is %s', async (_what, more) => {
      plivo.script(ok(numberItem(DIGITS, APP_ID)), ok(applicationItem(more)));
      expect((await plivo.client().readRoute(NUMBER)).matches(TARGET)).toBe(false);
    });

    it('matches nothing without an application, with one that is gone, and behind a trunk', async () => {
      plivo.script(ok(numberItem(DIGITS, null)));
      expect((await plivo.client().readRoute(NUMBER)).matches(TARGET)).toBe(false);
      plivo.script(ok(numberItem(DIGITS, APP_ID)), NOT_FOUND);
      expect((await plivo.client().readRoute(NUMBER)).matches(TARGET)).toBe(false);
      plivo.script(ok(numberItem(DIGITS, APP_ID, { object_type: 'trunk', object_id: '17248282830499840' })));
      const route = await plivo.client().readRoute(NUMBER);
      expect(route.matches(TARGET)).toBe(false);
      expect(route.snapshot).toEqual({ app_id: APP_ID, object_type: 'trunk', object_id: '17248282830499840' });
    });

    it('says so where the account does not hold the number', async () => {
      plivo.script(NOT_FOUND);
      expect(await failure(plivo.client().readRoute(NUMBER))).toMatchObject({ kind: 'not_owned' });
    });
  });

  describe('route', () => {
    it('leads the number to the remembered application, and reads it back', async () => {
      const shared = new MemoryShared(REMEMBERED);
      plivo.script(ok(applicationItem()), CHANGED, ok(numberItem(DIGITS, APP_ID)));
      await plivo.client(shared).route(NUMBER, TARGET);
      expect(plivo.lines).toEqual([`GET /Application/${APP_ID}/`, `POST /Number/${DIGITS}/`, `GET /Number/${DIGITS}/`]);
      expect(plivo.asked[1]?.json).toEqual({ app_id: APP_ID });
      expect(shared.remembered).toBe(REMEMBERED);
    });

    it('makes the application once, by the name it was given, and never as a default', async () => {
      const shared = new MemoryShared();
      const created = [201, { message: 'created', app_id: APP_ID, api_id: 'x' }] as const;
      plivo.script(page([], 0, 0), created, ok(applicationItem()), CHANGED, ok(numberItem(DIGITS, APP_ID)));
      await plivo.client(shared).route(NUMBER, TARGET);
      expect(plivo.asked[1]).toMatchObject({ line: 'POST /Application/', json: { app_name: SHARED_NAME, ...URLS } });
      expect(shared.remembered).toEqual({ app_id: APP_ID });
    });

    it('loses no digit of an identifier that Plivo writes as a number', async () => {
      // Parsed as a JSON number this one is 15784735442685052.
      const shared = new MemoryShared();
      plivo.script(
        page([], 0, 0),
        [201, `{"message":"created","app_id":${APP_ID},"api_id":"x"}`],
        ok(applicationItem()),
        CHANGED,
        ok(numberItem(DIGITS, APP_ID)),
      );
      await plivo.client(shared).route(NUMBER, TARGET);
      expect(shared.remembered).toEqual({ app_id: '15784735442685051' });
      expect(plivo.asked[3]?.json).toEqual({ app_id: '15784735442685051' });
    });

    it('finds on a later page what an earlier run has made, by its path where the identifier is a number', async () => {
      const shared = new MemoryShared();
      plivo.script(
        page([applicationItem({ app_name: `${SHARED_NAME}-2`, app_id: '1' })], 0, 2),
        page([applicationItem({ app_id: Number(APP_ID) })], 1, 2),
        ok(applicationItem()),
        CHANGED,
        ok(numberItem(DIGITS, APP_ID)),
      );
      await plivo.client(shared).route(NUMBER, TARGET);
      expect(plivo.lines.slice(0, 3)).toEqual([
        'GET /Application/?limit=20&offset=0',
        'GET /Application/?limit=20&offset=1',
        `GET /Application/${APP_ID}/`,
      ]);
      expect(shared.remembered).toEqual({ app_id: APP_ID });
    });

    it('looks again where the name has just been taken', async () => {
      const shared = new MemoryShared();
      plivo.script(
        page([], 0, 0),
        [400, { api_id: 'x', error: { app_name: ['already exists'] } }],
        page([applicationItem()], 0, 1),
        ok(applicationItem()),
        CHANGED,
        ok(numberItem(DIGITS, APP_ID)),
      );
      await plivo.client(shared).route(NUMBER, TARGET);
      expect(shared.remembered).toEqual({ app_id: APP_ID });
    });

    it('gives up where the application is refused for another reason', async () => {
      plivo.script(page([], 0, 0), [400, { error: 'answer_url is invalid' }], page([], 0, 0));
      expect(await failure(plivo.client().route(NUMBER, TARGET))).toMatchObject({ kind: 'permanent', httpStatus: 400 });
    });

    it('makes it anew where the remembered one is gone', async () => {
      const shared = new MemoryShared({ app_id: OTHER_APP });
      plivo.script(
        NOT_FOUND,
        page([], 0, 0),
        [201, { message: 'created', app_id: APP_ID }],
        ok(applicationItem()),
        CHANGED,
        ok(numberItem(DIGITS, APP_ID)),
      );
      await plivo.client(shared).route(NUMBER, TARGET);
      expect(shared.remembered).toEqual({ app_id: APP_ID });
    });

    it('puts the URLs of the application right, and reads them back', async () => {
      const shared = new MemoryShared(REMEMBERED);
      const stale = applicationItem({ answer_url: 'https://old.example.com/' });
      plivo.script(ok(stale), CHANGED, ok(applicationItem()), CHANGED, ok(numberItem(DIGITS, APP_ID)));
      await plivo.client(shared).route(NUMBER, TARGET);
      expect(plivo.asked[1]).toMatchObject({ line: `POST /Application/${APP_ID}/`, json: URLS });
      expect(shared.remembered).toBe(REMEMBERED);

      plivo.script(ok(stale), CHANGED, ok(stale));
      expect(await failure(plivo.client(shared).route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
    });

    it('tells a number that is not there from an application that is not', async () => {
      const shared = new MemoryShared(REMEMBERED);
      plivo.script(ok(applicationItem()), NOT_FOUND, NOT_FOUND);
      expect(await failure(plivo.client(shared).route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
      plivo.script(ok(applicationItem()), NOT_FOUND, ok(numberItem(DIGITS, null)));
      expect(await failure(plivo.client(shared).route(NUMBER, TARGET))).toMatchObject({ kind: 'permanent' });
    });

    it.each([
      ['another application', numberItem(DIGITS, OTHER_APP)],
      ['a trunk', numberItem(DIGITS, APP_ID, { object_type: 'trunk', object_id: '17248282830499840' })],
    ])('is not content where Plivo still shows %s', async (_what, shown) => {
      plivo.script(ok(applicationItem()), CHANGED, ok(shown));
      expect(await failure(plivo.client(new MemoryShared(REMEMBERED)).route(NUMBER, TARGET))).toMatchObject({
        kind: 'transient',
      });
    });
  });

  describe('unroute', () => {
    const unroute = (former: RouteSnapshot | null, shared = new MemoryShared(REMEMBERED)) =>
      plivo.client(shared).unroute(NUMBER, former, [TARGET]);
    const posted = () => plivo.asked.filter(({ line }) => line.startsWith('POST')).map(({ json }) => json);

    it('gives the former application back', async () => {
      plivo.script(ok(numberItem(DIGITS, APP_ID)), CHANGED, ok(numberItem(DIGITS, OTHER_APP)));
      await unroute(FORMER);
      expect(posted()).toEqual([{ app_id: OTHER_APP }]);
    });

    it('gives a former trunk back, which Plivo takes for an application', async () => {
      const trunk = { app_id: null, object_type: 'trunk', object_id: '17248282830499840' };
      plivo.script(ok(numberItem(DIGITS, APP_ID)), CHANGED, ok(numberItem(DIGITS, null, trunk)));
      await unroute(trunk);
      expect(posted()).toEqual([{ app_id: '17248282830499840' }]);
    });

    // Without app_id Plivo takes the default application, so it is sent although it is empty.
    it.each([
      ['nothing', null],
      ['no application', { app_id: null, object_type: null, object_id: null }],
      ['our own application', { app_id: APP_ID, object_type: null, object_id: null }],
    ])('clears a number that led to %s before', async (_what, former) => {
      plivo.script(ok(numberItem(DIGITS, APP_ID)), CHANGED, ok(numberItem(DIGITS, null)));
      await unroute(former);
      expect(posted()).toEqual([{ app_id: '' }]);
    });

    it('puts up with the default application that Plivo may give a cleared number', async () => {
      plivo.script(ok(numberItem(DIGITS, APP_ID)), CHANGED, ok(numberItem(DIGITS, OTHER_APP)));
      await unroute(null);
      expect(posted()).toEqual([{ app_id: '' }]);
    });

    it('clears the number where the former application is gone', async () => {
      plivo.script(
        ok(numberItem(DIGITS, APP_ID)),
        NOT_FOUND,
        ok(numberItem(DIGITS, APP_ID)),
        NOT_FOUND,
        CHANGED,
        ok(numberItem(DIGITS, null)),
      );
      await unroute(FORMER);
      expect(posted()).toEqual([{ app_id: OTHER_APP }, { app_id: '' }]);
    });

    it('clears nothing where the former application is refused but there', async () => {
      plivo.script(
        ok(numberItem(DIGITS, APP_ID)),
        [400, { error: 'invalid' }],
        ok(numberItem(DIGITS, APP_ID)),
        ok(applicationItem({ app_id: OTHER_APP })),
      );
      expect(await failure(unroute(FORMER))).toMatchObject({ kind: 'permanent' });
      expect(posted()).toEqual([{ app_id: OTHER_APP }]);
    });

    it('leaves alone what somebody has set since', async () => {
      plivo.script(ok(numberItem(DIGITS, OTHER_APP)), ok(applicationItem({ app_id: OTHER_APP, app_name: 'theirs' })));
      await unroute(FORMER);
      plivo.script(ok(numberItem(DIGITS, null)));
      await unroute(FORMER);
      expect(posted()).toEqual([]);
    });

    it('knows its application by name where nothing is remembered', async () => {
      plivo.script(ok(numberItem(DIGITS, APP_ID)), ok(applicationItem()), CHANGED, ok(numberItem(DIGITS, OTHER_APP)));
      await unroute(FORMER, new MemoryShared());
      expect(posted()).toEqual([{ app_id: OTHER_APP }]);
    });

    it('is not content while Plivo still shows our application', async () => {
      for (const former of [FORMER, null]) {
        plivo.script(ok(numberItem(DIGITS, APP_ID)), CHANGED, ok(numberItem(DIGITS, APP_ID)));
        expect(await failure(unroute(former))).toMatchObject({ kind: 'transient' });
      }
    });

    it('never deletes anything, nor changes the application', async () => {
      plivo.script(ok(numberItem(DIGITS, APP_ID)), CHANGED, ok(numberItem(DIGITS, null)));
      await unroute(null);
      expect(plivo.lines.every((line) => /^(GET|POST) \/Number\//.test(line))).toBe(true);
    });

    it('says so where the number is gone', async () => {
      plivo.script(NOT_FOUND);
      expect(await failure(unroute(FORMER))).toMatchObject({ kind: 'not_owned' });
    });
  });

  describe('placeCall', () => {
    const CALL = {
      from: '+14155550100',
      to: '+442079460000',
      answerUrl: 'https://voice.example.com/inbound/plivo/key/call/1',
      statusUrl: 'https://voice.example.com/inbound/plivo/key/call/1/status',
      target: TARGET,
      stream: null,
      ringTimeoutS: 30,
    };
    // https://docs.plivo.com/docs/voice/api/call/make-a-call
    const FIRED = { message: 'call fired', request_uuid: '9834029e-58b6-11e1-b8b7-a5bd0e4e126f', api_id: 'x' };

    it('asks for the document once it is picked up, and for news at every end', async () => {
      plivo.script([201, FIRED]);
      expect(await plivo.client().placeCall(CALL)).toEqual({ providerCallId: FIRED.request_uuid });
      expect(plivo.asked).toMatchObject([
        {
          line: 'POST /Call/',
          json: {
            from: '14155550100',
            to: '442079460000',
            answer_url: CALL.answerUrl,
            answer_method: 'POST',
            ring_url: CALL.statusUrl,
            ring_method: 'POST',
            hangup_url: CALL.statusUrl,
            hangup_method: 'POST',
            ring_timeout: 30,
          },
        },
      ]);
    });

    it.each([
      [0, 1],
      [45.4, 45],
      [600, 120],
    ])('rings for %d s as %d s', async (asked, sent) => {
      plivo.script([201, FIRED]);
      await plivo.client().placeCall({ ...CALL, ringTimeoutS: asked });
      expect(plivo.asked[0]?.json).toMatchObject({ ring_timeout: sent });
    });

    it('takes the first name of a list', async () => {
      plivo.script([201, { ...FIRED, request_uuid: ['a', 'b'] }]);
      expect(await plivo.client().placeCall(CALL)).toEqual({ providerCallId: 'a' });
    });

    // 403 is Plivo's answer to a country that is not allowed: GeoPermissionError in dist/rest/axios.js of the SDK.
    it.each([400, 403, 404])('takes HTTP %i for a refusal of this call, not of the credentials', async (status) => {
      plivo.script([status, { error: 'no' }]);
      const error = await failure(plivo.client().placeCall(CALL));
      expect(error).toMatchObject({ kind: 'permanent', httpStatus: status, isOutcomeUnknown: false });
    });

    it('leaves open what has become of it where the answer is none', async () => {
      plivo.script([201, { message: 'call fired' }]);
      expect(await failure(plivo.client().placeCall(CALL))).toMatchObject({
        kind: 'transient',
        isOutcomeUnknown: true,
      });
      plivo.script([502, '']);
      expect(await failure(plivo.client().placeCall(CALL))).toMatchObject({
        kind: 'transient',
        isOutcomeUnknown: true,
      });
      expect(plivo.lines).toEqual(['POST /Call/']);
    });
  });

  describe('hangup', () => {
    const LIVE = { providerCallId: '9834029e-58b6-11e1-b8b7-a5bd0e4e126f', ownNumber: '+14155550100', farEnd: null };

    it('ends the call by its name', async () => {
      plivo.script(NO_CONTENT);
      await plivo.client().hangup(LIVE);
      expect(plivo.lines).toEqual([`DELETE /Call/${LIVE.providerCallId}/`]);
    });

    it('else the request that placed it', async () => {
      plivo.script(NOT_FOUND, NO_CONTENT);
      await plivo.client().hangup(LIVE);
      expect(plivo.lines).toEqual([`DELETE /Call/${LIVE.providerCallId}/`, `DELETE /Request/${LIVE.providerCallId}/`]);
    });

    // As in dist/rest/request-test.js of the npm package plivo 4.79.0.
    const live = (...calls: string[]): Answer => [200, { api_id: 'x', calls }];
    const details = (call_uuid: string, request_uuid?: string): Answer => [
      200,
      { call_uuid, request_uuid, call_status: 'in-progress', direction: 'outbound', from: '1', to: '2', api_id: 'x' },
    ];

    it('else the call that the request has become', async () => {
      plivo.script(
        NOT_FOUND,
        NOT_FOUND,
        live('call-1', 'call-2', 'call-3'),
        details('call-1'),
        details('call-2', LIVE.providerCallId),
        details('call-3', 'another-request'),
        NO_CONTENT,
      );
      // The three are asked for at once, so which of them is the one depends on the order.
      await plivo.client().hangup(LIVE);
      const asked = plivo.lines.slice(3, 6);
      expect([...asked].sort()).toEqual(['1', '2', '3'].map((call) => `GET /Call/call-${call}/?status=live`));
      expect(plivo.lines[2]).toBe('GET /Call/?status=live');
      expect(plivo.lines[6]).toBe(asked[1]?.replace('GET', 'DELETE').replace('?status=live', ''));
    });

    it('does not mind a call that is over', async () => {
      plivo.script(NOT_FOUND, NOT_FOUND, live());
      await plivo.client().hangup(LIVE);
      plivo.script(NOT_FOUND, NOT_FOUND, live('call-1'), NOT_FOUND);
      await plivo.client().hangup(LIVE);
      plivo.script(NOT_FOUND, NOT_FOUND, live('call-1'), details('call-1', LIVE.providerCallId), NOT_FOUND);
      await plivo.client().hangup(LIVE);
    });

    it('fails on anything else', async () => {
      plivo.script([401, 'no']);
      expect(await failure(plivo.client().hangup(LIVE))).toMatchObject({ kind: 'credentials_rejected' });
      plivo.script([400, { error: 'no' }]);
      expect(await failure(plivo.client().hangup(LIVE))).toMatchObject({ kind: 'permanent' });
    });
  });
});
