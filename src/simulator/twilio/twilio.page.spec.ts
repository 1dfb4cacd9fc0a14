import { TwilioAccount } from './twilio.account';
import { numberPage } from './twilio.page';

interface Page {
  incoming_phone_numbers: { phone_number: string }[];
  page: number;
  page_size: number;
  start: number;
  end: number;
  next_page_uri: string | null;
  previous_page_uri: string | null;
}

const account = new TwilioAccount({ sid: `AC${'0'.repeat(32)}`, auth_token: 'x' }, 0);
for (let index = 0; index < 7; index += 1) {
  account.addNumber(
    { phone_number: `+1202555010${index}`, friendly_name: index % 2 ? 'odd' : 'even', beta: index === 6 },
    0,
  );
}
account.addNumber({ phone_number: '+442012025550' }, 0);

function page(query: string): Page {
  const result = numberPage(account.sid, account.numbers(), new URLSearchParams(query));
  if ('error' in result) throw new Error(`refused with ${result.error.code}`);
  return result.body as unknown as Page;
}

const digits = (of: Page) => of.incoming_phone_numbers.map((number) => number.phone_number);

function follow(uri: string | null): Page {
  return page(uri?.split('?')[1] ?? '');
}

describe('numberPage', () => {
  it('leads through all pages and back', () => {
    const first = page('PageSize=3');
    expect(first).toMatchObject({ page: 0, page_size: 3, start: 0, end: 2, previous_page_uri: null });
    const second = follow(first.next_page_uri);
    expect(second).toMatchObject({ page: 1, page_size: 3, start: 3, end: 5 });
    const third = follow(second.next_page_uri);
    expect(third).toMatchObject({ page: 2, start: 6, end: 7, next_page_uri: null });
    expect([first, second, third].flatMap(digits)).toEqual(account.numbers().map((number) => number.phone_number));
    expect(digits(follow(third.previous_page_uri))).toEqual(digits(second));
    expect(follow(second.previous_page_uri).previous_page_uri).toBeNull();
  });

  it('gives addresses relative to the host', () => {
    expect(page('PageSize=3').next_page_uri).toMatch(
      /^\/2010-04-01\/Accounts\/AC0{32}\/IncomingPhoneNumbers\.json\?PageSize=3&Page=1&PageToken=PAPN[0-9a-f]{32}$/,
    );
  });

  it.each([
    ['PhoneNumber=%2B12025550103', ['+12025550103']],
    ['PhoneNumber=+12025550103', ['+12025550103']],
    ['PhoneNumber=0103', ['+12025550103']],
    ['PhoneNumber=%2B1202555', [0, 1, 2, 3, 4, 5, 6].map((n) => `+1202555010${n}`)],
    ['PhoneNumber=2025550', [...[0, 1, 2, 3, 4, 5, 6].map((n) => `+1202555010${n}`), '+442012025550']],
    ['PhoneNumber=%2B44*0', ['+442012025550']],
    ['PhoneNumber=555**03', ['+12025550103']],
    ['PhoneNumber=%2B19999999999', []],
    ['FriendlyName=odd', ['+12025550101', '+12025550103', '+12025550105']],
    ['FriendlyName=od', []],
    ['Origin=hosted', []],
    ['FriendlyName=even&Beta=false', ['+12025550100', '+12025550102', '+12025550104']],
  ])('filters by %s', (query, expected) => {
    expect(digits(page(query))).toEqual(expected);
  });

  it('keeps the filter from page to page', () => {
    const first = page('FriendlyName=odd&PageSize=2');
    expect(digits(follow(first.next_page_uri))).toEqual(['+12025550105']);
  });

  it('has 50 to a page unless told, 1000 at most', () => {
    expect(page('').page_size).toBe(50);
    expect(page('PageSize=0').page_size).toBe(50);
    expect(page('PageSize=1000').page_size).toBe(1000);
    expect(page('PageSize=5000').page_size).toBe(1000);
  });

  it('counts pages when there is no token, and refuses a token it did not give', () => {
    expect(digits(page('PageSize=3&Page=2'))).toEqual(['+12025550106', '+442012025550']);
    expect(digits(page('PageSize=3&Page=9'))).toEqual([]);
    // https://www.twilio.com/docs/api/errors/21481
    expect(() => page('PageToken=PAPN1')).toThrow('21481');
  });
});
