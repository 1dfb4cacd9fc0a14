import {
  ACCOUNT,
  basic,
  clientOf,
  failureOf,
  FakeBandwidth,
  json,
  MemoryShared,
  OAUTH,
  SleepingClock,
  USER,
  xml,
} from './bandwidth.fixture';

const TOKEN = 'POST /api/v1/oauth2/token';
const STATISTICS = `GET /api/v2/accounts/${ACCOUNT}/statistics`;
const TNS = 'GET /api/v2/tns';
const statistics = json({ currentCallQueueSize: 0, maxCallQueueSize: 900 });
const noNumbers = xml(
  '<TelephoneNumbersResponse><TelephoneNumberCount>0</TelephoneNumberCount></TelephoneNumbersResponse>',
);
const token = (value: string) => json({ access_token: value, expires_in: 3600, token_type: 'Bearer' });
const UNAUTHORIZED = json(
  { type: 'authentication-error', description: 'The credentials provided were invalid', id: null },
  401,
);

describe('the authorization of BandwidthClient', () => {
  const fake = new FakeBandwidth();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());

  const good = { [STATISTICS]: statistics, [TNS]: noNumbers };

  it('proves a user of the older API for voice and for numbers', async () => {
    fake.reset(good);
    expect(await clientOf(fake, new MemoryShared()).verify()).toEqual({ verified: true });
    expect(fake.lines).toEqual([STATISTICS, TNS]);
    expect(fake.asked.every(({ authorization }) => authorization === basic('dash', 'pa:ss'))).toBe(true);
    expect(fake.last(TNS).accept).toBe('application/xml');
    expect([...fake.last(TNS).query]).toEqual([
      ['accountId', ACCOUNT],
      ['status', 'Inservice'],
      ['size', '1'],
      ['page', '1'],
    ]);
  });

  it('fetches one token for all who need it at once, and another before it ends', async () => {
    fake.reset({ ...good, [TOKEN]: [token('one'), token('two')] });
    const clock = new SleepingClock();
    const client = clientOf(fake, new MemoryShared(), OAUTH, clock);
    await Promise.all([client.verify(), client.verify(), client.verify()]);
    expect(fake.lines.filter((line) => line === TOKEN)).toHaveLength(1);
    expect(fake.last(TOKEN)).toMatchObject({
      authorization: basic('client-1', 'secret-1'),
      contentType: expect.stringContaining('application/x-www-form-urlencoded') as string,
      body: 'grant_type=client_credentials',
    });
    expect(fake.last(STATISTICS).authorization).toBe('Bearer one');
    clock.time += 3_539_000;
    await client.verify();
    expect(fake.last(STATISTICS).authorization).toBe('Bearer one');
    clock.time += 2_000;
    await client.verify();
    expect(fake.last(STATISTICS).authorization).toBe('Bearer two');
  });

  it('renews a token that is refused, once', async () => {
    fake.reset({ ...good, [TOKEN]: [token('one'), token('two')], [STATISTICS]: [UNAUTHORIZED, statistics] });
    const client = clientOf(fake, new MemoryShared(), OAUTH);
    expect(await client.verify()).toEqual({ verified: true });
    expect(fake.asked.map(({ authorization }) => authorization).slice(1)).toEqual([
      'Bearer one',
      basic('client-1', 'secret-1'),
      'Bearer two',
      'Bearer two',
    ]);
    fake.reset({ [TOKEN]: token('three'), [STATISTICS]: UNAUTHORIZED });
    expect(await failureOf(client.verify())).toMatchObject({
      kind: 'credentials_rejected',
      vendorCode: 'authentication-error',
    });
    expect(fake.lines).toEqual([STATISTICS, TOKEN, STATISTICS]);
  });

  it('does not renew what HTTP Basic does not have', async () => {
    fake.reset({ ...good, [STATISTICS]: UNAUTHORIZED });
    expect(await failureOf(clientOf(fake, new MemoryShared()).verify())).toMatchObject({
      kind: 'credentials_rejected',
    });
    expect(fake.lines).toEqual([STATISTICS]);
  });

  it.each([400, 401, 403])('takes HTTP %i for a token as refused credentials', async (status) => {
    fake.reset({ ...good, [TOKEN]: json({ error: 'invalid_client' }, status) });
    const error = await failureOf(clientOf(fake, new MemoryShared(), OAUTH).verify());
    expect(error.kind).toBe('credentials_rejected');
    expect(error.message).not.toContain('secret-1');
  });

  it('knows that nothing was asked yet where there is no token', async () => {
    fake.reset({ ...good, [TOKEN]: { status: 502 } });
    expect(await failureOf(clientOf(fake, new MemoryShared(), OAUTH).verify())).toMatchObject({
      kind: 'transient',
      httpStatus: 502,
      isOutcomeUnknown: false,
    });
  });

  it.each([
    [STATISTICS, json({ type: 'authorization-error', description: 'Access is denied', id: null }, 403)],
    [STATISTICS, json({}, 404)],
    // The numbers role is one of its own; without it the answer has no body.
    [TNS, { status: 403 }],
  ])('names refused credentials where %s is answered %j', async (line, answer) => {
    fake.reset({ ...good, [line]: answer });
    expect(await failureOf(clientOf(fake, new MemoryShared(), USER).verify())).toMatchObject({
      kind: 'credentials_rejected',
    });
  });

  it('does not take any answer for a proof', async () => {
    fake.reset({ ...good, [TNS]: xml('<Something/>') });
    expect(await failureOf(clientOf(fake, new MemoryShared()).verify())).toMatchObject({ kind: 'transient' });
    fake.reset({ ...good, [TOKEN]: json({ token_type: 'Bearer' }) });
    expect(await failureOf(clientOf(fake, new MemoryShared(), OAUTH).verify())).toMatchObject({ kind: 'transient' });
  });

  it('ends the wait for a token with the signal', async () => {
    fake.reset({ ...good, [TOKEN]: token('one') });
    const client = clientOf(fake, new MemoryShared(), OAUTH);
    expect(await failureOf(client.verify(AbortSignal.abort()))).toMatchObject({
      kind: 'transient',
      wasAbandoned: true,
    });
  });
});
