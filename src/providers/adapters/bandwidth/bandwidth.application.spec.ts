import { XMLParser } from 'fast-xml-parser';
import {
  APPLICATION,
  application,
  applicationAnswer,
  clientOf,
  failureOf,
  FakeBandwidth,
  json,
  MemoryShared,
  NAME,
  NUMBERS,
  ours,
  type Reply,
  TARGET,
  xml,
} from './bandwidth.fixture';

const LIST = `GET ${NUMBERS}/applications`;
const CREATE = `POST ${NUMBERS}/applications`;
const READ = `GET ${NUMBERS}/applications/${APPLICATION}`;
const PATCH = `PATCH ${NUMBERS}/applications/${APPLICATION}`;
const CALL = 'POST /api/v2/accounts/9900000/calls';
const PLACED = json({ callId: 'c-15ac29a2-1331029c-2cb0-4a07-b215-b22865662d85' }, 201);
const MADE = { application_id: APPLICATION, callback_user: 'patchbay-1', callback_password: 'p'.repeat(64) };
const OUTBOUND = {
  from: '+19195554312',
  to: '+19195551234',
  answerUrl: 'https://voice.example.com/answer',
  statusUrl: 'https://voice.example.com/status',
  target: TARGET,
  stream: null,
  ringTimeoutS: 30,
};
const none = applicationAnswer('<ApplicationList/>');
const NOT_FOUND = xml(
  `<ApplicationProvisioningResponse><ResponseStatus><ErrorCode>13629</ErrorCode><Description>Application with id '${APPLICATION}' not found</Description></ResponseStatus></ApplicationProvisioningResponse>`,
  404,
);

interface SentApplication {
  readonly CallInitiatedCallbackUrl: string;
  readonly CallbackCreds: { readonly UserId: string; readonly Password: string };
}
const sent = (body: string) => (new XMLParser().parse(body) as { Application: SentApplication }).Application;

describe('the application of BandwidthClient', () => {
  const fake = new FakeBandwidth();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());

  const place = (shared: MemoryShared) => clientOf(fake, shared).placeCall(OUTBOUND);

  it('is created once, though many ask at the same time, with a password of its own', async () => {
    fake.reset({ [LIST]: none, [CREATE]: applicationAnswer(ours('patchbay-1')), [CALL]: PLACED });
    const shared = new MemoryShared();
    const first = place(shared);
    await first;
    const { user, password } = (() => {
      const { CallbackCreds } = sent(fake.last(CREATE).body);
      return { user: CallbackCreds.UserId, password: CallbackCreds.Password };
    })();
    expect(shared.values).toEqual({ application_id: APPLICATION, callback_user: user, callback_password: password });
    expect(password).toMatch(/^[0-9a-f]{64}$/);
    expect(fake.last(CREATE).contentType).toBe('application/xml');
    expect(sent(fake.last(CREATE).body)).toEqual({
      ServiceType: 'Voice-V2',
      AppName: NAME,
      CallInitiatedCallbackUrl: TARGET.answerUrl,
      CallInitiatedMethod: 'POST',
      CallStatusCallbackUrl: TARGET.statusUrl,
      CallStatusMethod: 'POST',
      CallbackCreds: { UserId: user, Password: password },
    });

    fake.reset({ [READ]: applicationAnswer(ours(user)), [CALL]: PLACED });
    await Promise.all([place(shared), place(shared)]);
    expect(fake.lines.filter((line) => line !== READ && line !== CALL)).toEqual([]);
    expect(shared.writes).toBe(1);
  });

  it('is made by one of two that find nothing', async () => {
    fake.reset({ [LIST]: none, [CREATE]: applicationAnswer(ours('patchbay-1')), [CALL]: PLACED });
    const shared = new MemoryShared();
    await Promise.all([place(shared), place(shared)].map((placed) => placed.catch(() => undefined)));
    expect(fake.lines.filter((line) => line === CREATE)).toHaveLength(1);
  });

  it('is found by name where an earlier run died before it could remember, and gets a new password', async () => {
    const other = application('https://other.example.com/', 'https://other.example.com/', 'x', 'other');
    const shared = new MemoryShared();
    let user = '';
    fake.reset({
      [LIST]: applicationAnswer(`<ApplicationList>${other}${ours('lost')}</ApplicationList>`),
      [PATCH]: applicationAnswer(ours('patchbay-2')),
      [CALL]: PLACED,
    });
    fake.answers[READ] = {
      get status() {
        user = sent(fake.last(PATCH).body).CallbackCreds.UserId;
        return 200;
      },
      get body() {
        return applicationAnswer(ours(user)).body;
      },
    } satisfies Reply;
    await place(shared);
    expect(fake.lines).toEqual([LIST, PATCH, READ, CALL]);
    expect(shared.values).toMatchObject({ application_id: APPLICATION, callback_user: user });
  });

  it.each([
    ['another answer URL', application('https://old.example.com/', TARGET.statusUrl, 'patchbay-1')],
    ['another status URL', application(TARGET.answerUrl, 'https://old.example.com/', 'patchbay-1')],
    ['a GET', ours('patchbay-1').replace('<CallStatusMethod>POST', '<CallStatusMethod>GET')],
    ['other credentials', ours('somebody')],
  ])('is put right where it has %s, and keeps its password', async (_what, wrong) => {
    fake.reset({
      [READ]: [applicationAnswer(wrong), applicationAnswer(wrong), applicationAnswer(ours('patchbay-1'))],
      [PATCH]: applicationAnswer(ours('patchbay-1')),
      [CALL]: PLACED,
    });
    const shared = new MemoryShared(MADE);
    await place(shared);
    expect(sent(fake.last(PATCH).body).CallbackCreds).toEqual({ UserId: 'patchbay-1', Password: 'p'.repeat(64) });
    expect(sent(fake.last(PATCH).body).CallInitiatedCallbackUrl).toBe(TARGET.answerUrl);
    expect(sent(fake.last(PATCH).body)).not.toHaveProperty('AppName');
    expect(shared.writes).toBe(0);
  });

  it('is made again where it is gone', async () => {
    const again = '11111111-2222-4333-8444-555555555555';
    fake.reset({
      [READ]: NOT_FOUND,
      [LIST]: none,
      [CREATE]: applicationAnswer(ours('patchbay-1').replace(APPLICATION, again)),
      [CALL]: PLACED,
    });
    const shared = new MemoryShared(MADE);
    await place(shared);
    expect(shared.values).toMatchObject({ application_id: again });
    expect(JSON.parse(fake.last(CALL).body)).toMatchObject({ applicationId: again });
  });

  it('does not believe a 200 that changes nothing', async () => {
    fake.reset({ [READ]: applicationAnswer(ours('somebody')), [PATCH]: applicationAnswer(ours('somebody')) });
    expect(await failureOf(place(new MemoryShared(MADE)))).toMatchObject({ kind: 'transient' });
  });

  it('names the account that has no HTTP voice, and knows that no phone rings', async () => {
    fake.reset({ [LIST]: none, [CREATE]: { status: 409, body: 'HTTP voice feature is required' } });
    expect(await failureOf(place(new MemoryShared()))).toMatchObject({ kind: 'permanent', httpStatus: 409 });
    fake.reset({ [LIST]: none, [CREATE]: { status: 503 } });
    expect(await failureOf(place(new MemoryShared()))).toMatchObject({ kind: 'transient', isOutcomeUnknown: false });
  });
});
