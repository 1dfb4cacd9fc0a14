import { XMLParser } from 'fast-xml-parser';
import { Simulator, startSimulator } from '../simulator';
import { DEMO_BANDWIDTH, DEMO_BANDWIDTH_LEGACY, DEMO_BANDWIDTH_SEED } from './bandwidth.demo';

/** Parsed XML or JSON; a lone child is no list. */
export type Tree = { readonly [name: string]: Tree } & { toString(): string };

export interface BandwidthAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  readonly body: Tree;
}

export type Caller = typeof DEMO_BANDWIDTH | typeof DEMO_BANDWIDTH_LEGACY;

/** The simulator with the demo's accounts, and a client that is no code of the service under test. */
export class BandwidthFixture {
  private constructor(readonly simulator: Simulator) {}

  static async start(now?: () => number): Promise<BandwidthFixture> {
    return new BandwidthFixture(await startSimulator({ seed: { bandwidth: DEMO_BANDWIDTH_SEED }, now }));
  }

  /** With HTTP Basic. A string is sent as XML, anything else as JSON. */
  async send(method: string, path: string, body?: unknown, caller: Caller = DEMO_BANDWIDTH): Promise<BandwidthAnswer> {
    const authorization = `Basic ${Buffer.from(`${caller.username}:${caller.password}`).toString('base64')}`;
    return this.sendAs(authorization, method, path, body);
  }

  async sendAs(authorization: string, method: string, path: string, body?: unknown): Promise<BandwidthAnswer> {
    const isXml = typeof body === 'string';
    const response = await fetch(this.simulator.vendorUrl('bandwidth') + path, {
      method,
      headers: { authorization, ...(body ? { 'content-type': isXml ? 'application/xml' : 'application/json' } : {}) },
      body: isXml || body === undefined ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const parsed: unknown = type.includes('xml') ? XML.parse(text) : text === '' ? {} : JSON.parse(text);
    return { status: response.status, location: response.headers.get('location'), text, body: parsed as Tree };
  }

  close(): Promise<void> {
    return this.simulator.close();
  }
}

const XML = new XMLParser({ parseTagValue: false, ignoreDeclaration: true });
