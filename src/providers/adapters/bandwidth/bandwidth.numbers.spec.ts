import { ACCOUNT, clientOf, details, failureOf, FakeBandwidth, MemoryShared, xml } from './bandwidth.fixture';

const TNS = 'GET /api/v2/tns';
const NUMBER = '+12018981023';
const DETAILS = 'GET /api/v2/tns/%2B12018981023/tndetails';

/** An item of https://dev.bandwidth.com/docs/numbers/guides/searchNumbers */
const item = (number: string, account = ACCOUNT, status = 'Inservice') =>
  `<TelephoneNumber><City>CARY</City><Lata>426</Lata><State>NC</State><FullNumber>${number}</FullNumber><Tier>0</Tier>` +
  `<VendorId>49</VendorId><VendorName>Bandwidth CLEC</VendorName><RateCenter>CARY</RateCenter><Status>${status}</Status>` +
  `<AccountId>${account}</AccountId><LastModified>2013-12-05T05:58:27.000Z</LastModified></TelephoneNumber>`;
const list = (items: readonly string[]) =>
  xml(
    `<TelephoneNumbersResponse><TelephoneNumberCount>${items.length}</TelephoneNumberCount><Links><first/><next/></Links>` +
      `<TelephoneNumbers>${items.join('')}</TelephoneNumbers></TelephoneNumbersResponse>`,
  );
const thousand = (first: number) =>
  list(Array.from({ length: 1000 }, (_, index) => item(`+1919238${String(first + index).padStart(4, '0')}`)));

describe('the numbers of BandwidthClient', () => {
  const fake = new FakeBandwidth();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());

  const client = () => clientOf(fake, new MemoryShared());

  it('reads page after page, by count and not by link, each when it is asked for', async () => {
    fake.reset({ [TNS]: [thousand(0), thousand(1000), list([item('+19192382000')])] });
    const pages = client().numbers(null)[Symbol.asyncIterator]();
    const first = await pages.next();
    expect(fake.asked).toHaveLength(1);
    expect(first.value).toMatchObject({ next: '2' });
    const second = await pages.next();
    const third = await pages.next();
    expect(second.value).toMatchObject({ next: '3' });
    expect(third.value).toEqual({ numbers: [{ phoneNumber: '+19192382000', providerNumberId: null }], next: null });
    expect((await pages.next()).done).toBe(true);
    expect(fake.asked.map(({ query }) => [query.get('page'), query.get('size'), query.get('accountId')])).toEqual([
      ['1', '1000', ACCOUNT],
      ['2', '1000', ACCOUNT],
      ['3', '1000', ACCOUNT],
    ]);
  });

  it('goes on behind a page', async () => {
    fake.reset({ [TNS]: list([]) });
    const found = [];
    for await (const page of client().numbers('7')) found.push(page);
    expect(found).toEqual([{ numbers: [], next: null }]);
    expect(fake.asked[0]?.query.get('page')).toBe('7');
  });

  it("writes ten digits as North American, and leaves out other accounts' and given up ones", async () => {
    fake.reset({
      [TNS]: list([
        item('9192381138'),
        item('+390612345678'),
        item('+19192381139', '9900008'),
        item('+19192381140', ACCOUNT, 'Aging'),
        item('12345'),
      ]),
    });
    const page = (await client().numbers(null)[Symbol.asyncIterator]().next()).value as { numbers: unknown };
    expect(page.numbers).toEqual([
      { phoneNumber: '+19192381138', providerNumberId: null },
      { phoneNumber: '+390612345678', providerNumberId: null },
    ]);
  });

  it('does not read one page for ever', async () => {
    fake.reset({ [TNS]: thousand(0) });
    const pages = client().numbers(null)[Symbol.asyncIterator]();
    await pages.next();
    expect(await failureOf(pages.next())).toMatchObject({ kind: 'transient' });
  });

  it('takes no item for granted', async () => {
    fake.reset({ [TNS]: list(['<TelephoneNumber><City>CARY</City></TelephoneNumber>']) });
    const pages = client().numbers(null)[Symbol.asyncIterator]();
    expect(await failureOf(pages.next())).toMatchObject({ kind: 'transient' });
  });

  it('finds a number that the account holds', async () => {
    fake.reset({ [DETAILS]: details(NUMBER) });
    expect(await client().find(NUMBER)).toEqual({ phoneNumber: NUMBER, providerNumberId: null });
  });

  it.each([
    ["another account's", details(NUMBER, { account: '14' })],
    ['one given up', details(NUMBER, { status: 'Aging' })],
    ['another number', details('+12018981024')],
    [
      'one that Bandwidth does not know',
      xml(
        '<TelephoneNumberResponse><ResponseStatus><ErrorCode>12512</ErrorCode><Description>Telephone number is not valid</Description></ResponseStatus></TelephoneNumberResponse>',
        400,
      ),
    ],
    ['nothing', { status: 404 }],
  ])('does not find %s', async (_what, answer) => {
    fake.reset({ [DETAILS]: answer });
    expect(await client().find(NUMBER)).toBeNull();
  });
});
