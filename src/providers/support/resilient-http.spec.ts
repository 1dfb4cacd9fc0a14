import type { VendorHttp, VendorRequest, VendorResponse } from '../contract/http';
import { ProviderError, type ProviderErrorOptions } from '../contract/provider-error';
import { ResilientHttp } from './resilient-http';

const OK: VendorResponse = { status: 200, headers: new Headers(), text: '', json: undefined };
const GET: VendorRequest = { method: 'GET', url: 'https://api.example.com/' };
const POST: VendorRequest = { ...GET, method: 'POST' };

const transient = (options: ProviderErrorOptions = {}) => new ProviderError('transient', 'x', options);
const rateLimited = (retryAfterMs?: number) => new ProviderError('rate_limited', 'x', { retryAfterMs });

/** A vendor that fails with what `failures` holds, one after the other, and is well afterwards. */
class ScriptedVendor implements VendorHttp {
  sent = 0;
  constructor(readonly failures: Error[] = []) {}

  send(): Promise<VendorResponse> {
    this.sent += 1;
    const failure = this.failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve(OK);
  }
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('ResilientHttp', () => {
  describe('tries again', () => {
    it.each([
      ['a GET after a failure', GET, transient({ httpStatus: 500 })],
      ['a GET after a short Retry-After', GET, rateLimited(50)],
      ['a POST that was never sent', POST, transient({ isOutcomeUnknown: false })],
      ['a POST after 429', POST, rateLimited()],
    ])('%s', async (_what, request, failure) => {
      const vendor = new ScriptedVendor([failure]);
      expect(await new ResilientHttp(vendor, { vendor: 'acme' }).send(request)).toBe(OK);
      expect(vendor.sent).toBe(2);
    });

    it('no more than twice', async () => {
      const failures = [transient(), transient(), transient({ httpStatus: 503 })];
      const vendor = new ScriptedVendor([...failures]);
      expect(await failureOf(new ResilientHttp(vendor, { vendor: 'acme' }).send(GET))).toBe(failures[2]);
      expect(vendor.sent).toBe(3);
    });
  });

  describe('does not try again', () => {
    it.each([
      ['a POST whose outcome is unknown', POST, transient({ isOutcomeUnknown: true })],
      ['a GET that took its whole time', GET, transient({ timedOut: true })],
      ['a GET that must not be made twice', { ...GET, retry: 'never' as const }, transient()],
      ['a GET before a long Retry-After is over', GET, rateLimited(2_000)],
      ['what is refused for good', GET, new ProviderError('permanent', 'x')],
      ['what rejected the credentials', GET, new ProviderError('credentials_rejected', 'x')],
    ])('%s', async (_what, request, failure) => {
      const vendor = new ScriptedVendor([failure]);
      expect(await failureOf(new ResilientHttp(vendor, { vendor: 'acme' }).send(request))).toBe(failure);
      expect(vendor.sent).toBe(1);
    });

    it('when the caller stops waiting meanwhile', async () => {
      const caller = new AbortController();
      const failure = rateLimited(900);
      const vendor = new ScriptedVendor([failure]);
      const sending = failureOf(new ResilientHttp(vendor, { vendor: 'acme' }).send({ ...GET, signal: caller.signal }));
      setImmediate(() => caller.abort());
      expect(await sending).toBe(failure);
      expect(vendor.sent).toBe(1);
    });
  });

  describe('spares a vendor that has stopped answering', () => {
    const down = () => transient({ isOutcomeUnknown: true });

    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    async function openCircuit(vendor: ScriptedVendor, http: ResilientHttp): Promise<void> {
      vendor.failures.push(...Array.from({ length: 16 }, down));
      for (let count = 0; count < 16; count++) await failureOf(http.send(POST));
    }

    it('after sixteen failures in a row, and lets one call through a second later', async () => {
      const vendor = new ScriptedVendor();
      const observe = jest.fn();
      const http = new ResilientHttp(vendor, { vendor: 'acme', observe });
      await openCircuit(vendor, http);
      expect(vendor.sent).toBe(16);

      const spared = { ...POST, retry: 'never' as const };
      expect(await failureOf(http.send(spared))).toMatchObject({ kind: 'transient', retryAfterMs: 1_000 });
      expect(vendor.sent).toBe(16);
      expect(observe).toHaveBeenCalledWith('acme', 'POST', 'circuit_open', 0);

      jest.advanceTimersByTime(1_001);
      expect(await http.send(POST)).toBe(OK);
      expect(await http.send(POST)).toBe(OK);
    });

    it('but not after answers of any kind, nor because callers stopped waiting', async () => {
      const vendor = new ScriptedVendor();
      const http = new ResilientHttp(vendor, { vendor: 'acme' });
      const others = [
        new ProviderError('permanent', 'x'),
        rateLimited(60_000),
        transient({ wasAbandoned: true, timedOut: true }),
      ];
      for (let count = 0; count < 60; count++) {
        vendor.failures.push(others[count % others.length] ?? down());
        await failureOf(http.send(POST));
      }
      expect(await http.send(POST)).toBe(OK);
      expect(vendor.sent).toBe(61);
    });
  });

  it('has at most sixteen calls under way, and forgets those whose caller has gone', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    let running = 0;
    const http = new ResilientHttp(
      {
        async send() {
          most = Math.max(most, ++running);
          await new Promise<void>((resolve) => waiting.push(resolve));
          running -= 1;
          return OK;
        },
      },
      { vendor: 'acme' },
    );
    const caller = new AbortController();
    const calls = Array.from({ length: 20 }, () => http.send(GET));
    const late = failureOf(http.send({ ...GET, signal: caller.signal }));
    await new Promise(setImmediate);
    expect(waiting).toHaveLength(16);
    caller.abort();
    while (waiting.length > 0) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    expect(await Promise.all(calls)).toEqual(Array(20).fill(OK));
    expect(await late).toMatchObject({ kind: 'transient', timedOut: true });
    expect(most).toBe(16);
  });
});
