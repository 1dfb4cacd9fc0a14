import { ADAPTERS } from '../../src/providers/adapters/registry';
import type { StreamAnswer } from '../../src/providers/contract/answer';
import type { AnyProviderAdapter, ProviderClient } from '../../src/providers/contract/provider-adapter';
import type { InboundEvent, WebhookRequest } from '../../src/providers/contract/webhook';
import { HttpClient } from '../../src/providers/support/http-client';
import type { Vendor } from '../../src/simulator/core/vendor';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import type { VendorName } from '../../src/simulator/vendors';
import { MemoryResources } from '../support/contract/memory-resources';
import { OurSide } from '../support/contract/our-side';
import { untilPasses } from '../support/until-passes';

const FAR = '+919560088735';
const CALL_ID = 'call_01kawgyqr4e3v9m2t5x8b7c6dn';
const STREAM: StreamAnswer = { kind: 'stream', url: 'wss://agent.example.com/media', parameters: { call_id: CALL_ID } };

/**
 * Vendors by what they make of the URLs of a placed call: whether they ask for a document at the answer URL, or are told the
 * stream at once, and whether they add their fields to the query of a URL.
 */
const PLACING = [
  { name: 'vonage', asks: true, adds: false },
  { name: 'plivo', asks: true, adds: false },
  { name: 'ozonetell', asks: true, adds: true },
  { name: 'exotel', asks: false, adds: false },
  { name: 'san', asks: false, adds: false },
] as const;

describe.each(PLACING)('the URLs of a call that is placed at $name', ({ name, asks, adds }) => {
  const adapter = (ADAPTERS as Record<VendorName, AnyProviderAdapter>)[name];
  const inboundPath = `/inbound/${name}/key`;
  let simulator: Simulator;
  let ourSide: OurSide;
  let http: HttpClient;
  let resources: MemoryResources;
  let client: ProviderClient;
  let own: string;
  let answerUrl: string;
  let statusUrl: string;

  beforeEach(async () => {
    ourSide = await OurSide.open();
    simulator = await startSimulator();
    const vendor: Vendor<unknown> = simulator[name];
    vendor.seed(vendor.demoSeed);
    [own] = vendor.demos[0].numbers;
    http = new HttpClient({ vendor: name, baseUrl: simulator.vendorUrl(name) });
    resources = new MemoryResources();
    client = adapter.connect(credentials(), http, resources);
    answerUrl = `${ourSide.url}${inboundPath}?call_id=${CALL_ID}`;
    statusUrl = `${ourSide.url}${inboundPath}/status?call_id=${CALL_ID}`;
    const context = { credentials: credentials(), providerCallId: 'x', from: own, to: FAR };
    ourSide.document = adapter.answer?.render({ kind: 'reject', reason: 'busy' }, context) ?? ourSide.document;
  });

  afterEach(async () => {
    await http.close();
    await simulator.close();
    await ourSide.close();
  });

  function credentials() {
    const vendor: Vendor<unknown> = simulator[name];
    return Object.assign(new adapter.credentials(), vendor.demos[0].credentials);
  }

  async function place(): Promise<string> {
    const base = ourSide.url + inboundPath;
    const { providerCallId } = await client.placeCall({
      from: own,
      to: FAR,
      answerUrl,
      statusUrl,
      target: { answerUrl: base, statusUrl: `${base}/status` },
      stream: asks ? null : STREAM,
      ringTimeoutS: 30,
    });
    return providerCallId;
  }

  const verify = (request: WebhookRequest) => {
    const context = { credentials: credentials(), shared: resources.values, nowMs: Date.now() };
    return adapter.webhook.verify(request, context);
  };
  const parse = (request: WebhookRequest) => adapter.webhook.parse(request, { country: null });
  const withoutOurs = ({ url, ...request }: WebhookRequest): WebhookRequest => ({
    ...request,
    url: url.replace(`?call_id=${CALL_ID}&`, '?').replace(`?call_id=${CALL_ID}`, ''),
  });
  const asked = (request: WebhookRequest | undefined): string => {
    const url = request?.url ?? '';
    return adds ? url.slice(0, url.indexOf('&')) : url;
  };

  /** Of an event, as far as it names a call. */
  const namesIn = (event: InboundEvent | null) =>
    event?.kind === 'call' || event?.kind === 'status' ? event.providerCallIds : [];

  if (asks) {
    it('are asked as they are, authentically, for what is to become of it', async () => {
      const id = await place();
      await untilPasses(() => expect(ourSide.at(inboundPath)).toHaveLength(1));
      const [request] = ourSide.at(inboundPath);
      if (!request) throw new Error('nothing came in');
      expect(asked(request)).toBe(answerUrl);
      expect(verify(request)).toMatchObject({ kind: 'authentic' });
      const event = parse(request);
      expect(event).toMatchObject({ kind: 'call', from: own, to: FAR });
      expect(namesIn(event)).toContain(id);
      expect(event).toEqual(parse(withoutOurs(request)));
    });
  }

  it('are told of its end, authentically, and its own name is not taken for the vendor’s', async () => {
    if (name === 'san') simulator.san.book.setOutcome(FAR, 'busy');
    else simulator[name].calls.setOutcome(FAR, 'busy');
    const id = await place();
    const ends = await untilPasses(() => {
      const found = ourSide.at(`${inboundPath}/status`).filter((request) => {
        const event = parse(request);
        return event?.kind === 'status' && event.status === 'busy';
      });
      expect(found).toHaveLength(1);
      return found;
    });
    for (const request of ourSide.at(`${inboundPath}/status`)) {
      expect(asked(request)).toBe(statusUrl);
      expect(verify(request)).toMatchObject({ kind: 'authentic' });
      expect(parse(request)).toEqual(parse(withoutOurs(request)));
      expect(namesIn(parse(request))).not.toContain(CALL_ID);
    }
    expect(ends.flatMap((request) => namesIn(parse(request)))).toContain(id);
  });

  if (!asks) {
    it('leave it to the URL of the stream, told at once, to name it', async () => {
      simulator.san.book.setOutcome(FAR, 'busy');
      await place();
      const [sanCall] = simulator.san.book.list();
      const [exotelCall] = simulator.exotel.calls.list();
      const streamUrl = name === 'san' ? sanCall?.websocket_url : exotelCall?.details.stream_url;
      expect(streamUrl).toBe(`${STREAM.url}?call_id=${CALL_ID}`);
    });
  }

  if (name === 'plivo') {
    it('are part of what is signed', async () => {
      await place();
      await untilPasses(() => expect(ourSide.at(inboundPath)).toHaveLength(1));
      const [request] = ourSide.at(inboundPath);
      if (!request) throw new Error('nothing came in');
      const other = { ...request, url: request.url.replace(CALL_ID, CALL_ID.replace('01k', '01m')) };
      expect(verify(other)).toMatchObject({ kind: 'rejected', why: 'bad_signature' });
    });
  }
});
