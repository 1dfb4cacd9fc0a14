import { ProviderError } from '../providers/contract/provider-error';
import { ACCOUNT, Gate, rejectionOf, someNumbers, until } from './attachments.fixture';
import { FakeProviders, type FakeVendor } from './fake-providers.fixture';
import { OwnershipService } from './ownership.service';

const [ONE = '', TWO = '', THREE = ''] = someNumbers(3);
const MANY = someNumbers(30);

describe('OwnershipService', () => {
  let providers: FakeProviders;
  let twilio: FakeVendor;
  let service: OwnershipService;

  beforeEach(() => {
    providers = new FakeProviders();
    twilio = providers.vendor('twilio');
    service = new OwnershipService(providers.asService);
  });

  afterEach(() => jest.restoreAllMocks());

  const lookUp = (numbers: readonly string[]) => service.lookUp(ACCOUNT, 'twilio', numbers);

  it("takes the account's word where the provider cannot be asked", async () => {
    const found = await service.lookUp(ACCOUNT, 'san', [ONE, TWO]);
    expect([...found]).toEqual([
      [ONE, { kind: 'owned', providerNumberId: null }],
      [TWO, { kind: 'owned', providerNumberId: null }],
    ]);
    expect(providers.vendor('san').calls).toEqual([]);
  });

  it('knows nothing of a provider whose credentials went away', async () => {
    providers.unconfigured.add('twilio');
    expect(await lookUp([ONE])).toEqual(new Map());
  });

  it('asks for a few numbers one by one', async () => {
    twilio.hold([ONE, THREE]);
    expect([...(await lookUp([ONE, TWO, THREE]))]).toEqual([
      [ONE, { kind: 'owned', providerNumberId: `PN${ONE.slice(1)}` }],
      [TWO, { kind: 'not_owned' }],
      [THREE, { kind: 'owned', providerNumberId: `PN${THREE.slice(1)}` }],
    ]);
    expect(twilio.calls).toEqual([`find ${ONE}`, `find ${TWO}`, `find ${THREE}`]);
  });

  it('reads the list for 25 numbers and more', async () => {
    twilio.hold(someNumbers(26).slice(1));
    const found = await lookUp(someNumbers(25));
    expect(twilio.calls.map((call) => call.split(' ')[0])).toEqual(['numbers', 'numbers', 'numbers']);
    expect(found.size).toBe(25);
    expect(found.get(ONE)).toEqual({ kind: 'not_owned' });
    expect(found.get(TWO)).toEqual({ kind: 'owned', providerNumberId: `PN${TWO.slice(1)}` });
  });

  it('asks one by one for 24, and where there is no list', async () => {
    await lookUp(someNumbers(24));
    expect(twilio.calls.every((call) => call.startsWith('find '))).toBe(true);
    providers.changed.set('twilio', { ...providers.capabilities('twilio'), list: false });
    twilio.calls.length = 0;
    await lookUp(MANY);
    expect(twilio.calls).toHaveLength(30);
    expect(twilio.calls.every((call) => call.startsWith('find '))).toBe(true);
  });

  it('stops reading the list once it has found all', async () => {
    twilio.hold(someNumbers(1_000));
    const found = await lookUp(MANY);
    expect([...found.values()].every(({ kind }) => kind === 'owned')).toBe(true);
    expect(twilio.calls).toHaveLength(3);
  });

  it('asks one by one for what the first pages of a long list do not show', async () => {
    twilio.hold([...someNumbers(500).slice(100), ...MANY.slice(0, 5)]);
    twilio.hold(MANY.slice(5, 10));
    const found = await lookUp(MANY);
    expect(
      [...found]
        .filter(([, { kind }]) => kind === 'owned')
        .map(([e164]) => e164)
        .sort(),
    ).toEqual(MANY.slice(0, 10));
    expect([...found.values()].filter(({ kind }) => kind === 'not_owned')).toHaveLength(20);
    // Four pages, as many calls as each of the eight who ask at once would make for thirty numbers.
    expect(twilio.calls.filter((call) => call.startsWith('numbers'))).toHaveLength(4);
    expect(twilio.calls.filter((call) => call.startsWith('find'))).toHaveLength(30);
  });

  it('has at most eight look-ups under way', async () => {
    const gate = new Gate();
    let running = 0;
    let most = 0;
    twilio.before = async () => {
      most = Math.max(most, ++running);
      await gate.passed;
    };
    twilio.after = () => running--;
    const found = lookUp(someNumbers(20));
    await until(() => running === 8);
    gate.open();
    expect((await found).size).toBe(20);
    expect(most).toBe(8);
  });

  it('tells for each number what became of it', async () => {
    const failures = new Map([
      [ONE, new ProviderError('rate_limited', 'x', { httpStatus: 429, retryAfterMs: 1_500 })],
      [TWO, new ProviderError('transient', 'x', { timedOut: true })],
    ]);
    twilio.hold([THREE]);
    twilio.before = ({ e164 }) => {
      const failure = failures.get(e164);
      if (failure) throw failure;
    };
    const found = await lookUp([ONE, TWO, THREE]);
    expect(found.get(ONE)).toEqual({ kind: 'unreachable', status: 503, retryAfterS: 2 });
    expect(found.get(TWO)).toEqual({ kind: 'unreachable', status: 504 });
    expect(found.get(THREE)).toMatchObject({ kind: 'owned' });
  });

  it('keeps what the list had shown before it broke off', async () => {
    twilio.hold(MANY);
    twilio.before = ({ e164 }) => {
      if (e164 === MANY[10]) throw new ProviderError('transient', 'x', { httpStatus: 500 });
    };
    const found = await lookUp(MANY);
    expect([...found.values()].filter(({ kind }) => kind === 'owned')).toHaveLength(10);
    expect([...found.values()].filter(({ kind }) => kind === 'unreachable')).toHaveLength(20);
    expect(found.get(MANY[29] ?? '')).toEqual({ kind: 'unreachable', status: 502 });
  });

  it.each([1, 30])('gives up after ten seconds when asked for %d', async (count) => {
    const clock = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(clock.signal);
    twilio.hold(MANY);
    twilio.before = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new ProviderError('transient', 'x', { timedOut: true })));
      });
    const found = lookUp(someNumbers(count));
    await until(() => twilio.calls.length > 0);
    clock.abort();
    expect([...(await found).values()]).toEqual(Array(count).fill({ kind: 'unreachable', status: 504 }));
    expect(timeout).toHaveBeenCalledWith(10_000);
  });

  it('passes on a fault of its own', async () => {
    const bug = new TypeError('x is undefined');
    twilio.hold(MANY);
    twilio.before = () => {
      throw bug;
    };
    expect(await rejectionOf(lookUp([ONE]))).toBe(bug);
    expect(await rejectionOf(lookUp(MANY))).toBe(bug);
  });
});
