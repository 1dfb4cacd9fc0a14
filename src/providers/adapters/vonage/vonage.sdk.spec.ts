import { Applications } from '@vonage/applications';
import { Auth } from '@vonage/auth';
import { Numbers } from '@vonage/numbers';
import { HttpMethod, Voice } from '@vonage/voice';
import { HttpClient } from '../../support/http-client';
import { VonageClient } from './vonage.client';
import { CREDENTIALS, MemoryResources, type Reply, VonageServer } from './vonage.fixture';
import { newPrivateKey, publicKeyOf } from './vonage.keys';

const APP = '78d335fa-323d-0114-9c3d-d6f0d48968cf';
const UUID = '63f61863-4a51-4f6b-86e1-46edebcf9356';
const TARGET = { answerUrl: 'https://a.example.com/in', statusUrl: 'https://a.example.com/in/status' };
const PLAIN = { country: 'GB', msisdn: '447700900000', moHttpUrl: 'https://sms.example.com' };
const LINKED = { ...PLAIN, app_id: APP };
const NUMBER = { phoneNumber: '+447700900000', providerNumberId: null };
const numbers = (item: object): Reply => [200, { count: 1, numbers: [item] }];

/** The adapter asks for the same things as Vonage's own SDK, request by request. */
describe('requests to Vonage and those of the official SDK', () => {
  const server = new VonageServer();
  let privateKey: string;
  let publicKey: string;
  let application: object;

  beforeAll(async () => {
    await server.start();
    privateKey = await newPrivateKey();
    publicKey = publicKeyOf(privateKey) ?? '';
    application = {
      id: APP,
      name: 'patchbay-acc_01',
      keys: { public_key: publicKey },
      capabilities: {
        voice: {
          webhooks: {
            answer_url: { address: TARGET.answerUrl, http_method: 'POST' },
            event_url: { address: TARGET.statusUrl, http_method: 'POST' },
          },
          signed_callbacks: true,
        },
      },
    };
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());

  const client = (shared: MemoryResources) =>
    new VonageClient(CREDENTIALS, new HttpClient({ vendor: 'vonage', baseUrl: server.url }), shared);
  const remembering = () => client(new MemoryResources({ application_id: APP, private_key: privateKey }));
  const hosts = () => ({ restHost: server.url, apiHost: server.url });
  const auth = () =>
    new Auth({
      apiKey: CREDENTIALS.api_key,
      apiSecret: CREDENTIALS.api_secret,
      applicationId: APP,
      privateKey,
    });

  /** What the server was asked while `ask` ran, as far as both sides can agree. */
  async function askedBy(answers: Reply[], ask: () => Promise<unknown>, path: RegExp) {
    server.reset();
    server.answers = answers;
    await ask();
    expect(server.answers).toEqual([]);
    const asked = server.asked.filter((request) => request.method !== 'GET' || path.source.includes('account'));
    const found = asked.filter((request) => path.test(request.path));
    expect(found).toHaveLength(1);
    const { method, path: asking, contentType = '', authorization = '', body } = found[0] ?? ({} as never);
    const isJson = contentType.startsWith('application/json');
    return {
      method,
      path: asking.split('?')[0],
      query: Object.fromEntries(new URL(asking, server.url).searchParams),
      scheme: authorization.split(' ')[0],
      basic: authorization.startsWith('Basic') ? authorization : null,
      body: isJson ? (JSON.parse(body) as unknown) : Object.fromEntries(new URLSearchParams(body)),
    };
  }

  it('list numbers alike', async () => {
    const ours = await askedBy([numbers(PLAIN)], () => remembering().find(NUMBER.phoneNumber), /^\/account\/numbers/);
    const theirs = await askedBy(
      [numbers(PLAIN)],
      () =>
        new Numbers(auth(), hosts()).getOwnedNumbers({
          pattern: '447700900000',
          searchPattern: 0,
          size: 100,
          index: 1,
        }),
      /^\/account\/numbers/,
    );
    expect(ours).toEqual(theirs);
  });

  it('link a number alike', async () => {
    const changed: Reply = [200, { 'error-code': '200' }];
    const ours = await askedBy(
      [numbers(PLAIN), [200, application], changed, numbers(LINKED)],
      () => remembering().route(NUMBER, TARGET),
      /^\/number\/update/,
    );
    const theirs = await askedBy(
      [changed],
      () => new Numbers(auth(), hosts()).updateNumber({ ...PLAIN, country: 'GB', appId: APP }),
      /^\/number\/update/,
    );
    expect(ours).toEqual(theirs);
  });

  it('make an application alike', async () => {
    const shared = new MemoryResources();
    const ours = await askedBy(
      [numbers(PLAIN), [200, {}], [201, application], [200, { 'error-code': '200' }], numbers(LINKED)],
      () => client(shared).route(NUMBER, TARGET),
      /^\/v2\/applications/,
    );
    const theirs = await askedBy(
      [[201, application]],
      () =>
        new Applications(auth(), hosts()).createApplication({
          name: shared.name,
          keys: { publicKey: publicKeyOf(shared.values?.private_key ?? '') ?? '' },
          capabilities: {
            voice: {
              webhooks: {
                answerUrl: { address: TARGET.answerUrl, httpMethod: 'POST' },
                eventUrl: { address: TARGET.statusUrl, httpMethod: 'POST' },
              },
              signedCallbacks: true,
            },
          },
        }),
      /^\/v2\/applications/,
    );
    expect(ours).toEqual(theirs);
  });

  it('place and end a call alike', async () => {
    const placed: Reply = [201, { uuid: UUID, status: 'started', conversation_uuid: `CON-${UUID}` }];
    const ours = await askedBy(
      [[200, application], placed],
      () =>
        remembering().placeCall({
          from: '+447700900000',
          to: '+14155550100',
          answerUrl: 'https://a.example.com/answer',
          statusUrl: 'https://a.example.com/status',
          target: TARGET,
          stream: null,
          ringTimeoutS: 45,
        }),
      /^\/v1\/calls/,
    );
    const voice = new Voice(auth(), hosts());
    const theirs = await askedBy(
      [placed],
      () =>
        voice.createOutboundCall({
          to: [{ type: 'phone', number: '14155550100' }],
          from: { type: 'phone', number: '447700900000' },
          answerUrl: ['https://a.example.com/answer'],
          answerMethod: HttpMethod.POST,
          eventUrl: ['https://a.example.com/status'],
          eventMethod: HttpMethod.POST,
          ringingTimer: 45,
        }),
      /^\/v1\/calls/,
    );
    expect(ours).toEqual(theirs);

    const call = { providerCallId: UUID, ownNumber: '+447700900000', farEnd: null };
    const ourEnd = await askedBy([[204]], () => remembering().hangup(call), /^\/v1\/calls/);
    const theirEnd = await askedBy([[204]], () => voice.hangupCall(UUID), /^\/v1\/calls/);
    expect(ourEnd).toEqual(theirEnd);
  });
});
