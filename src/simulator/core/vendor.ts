import { CallBook } from './call-book';

/** Whether a request can change what the vendor holds; a gate or a fault may be limited to one of them. */
export type Effect = 'read' | 'write';

/** A request as a vendor's handler sees it: the web framework stays outside the vendors. */
export interface VendorRequest {
  readonly method: string;
  /** Path without the query, as it was sent. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Fields of an `application/x-www-form-urlencoded` body; empty for any other content type. */
  readonly form: URLSearchParams;
  /** The parsed JSON body; `undefined` for any other content type and for a body that is not JSON. */
  readonly json: unknown;
  /** The body as it was sent, for vendors that speak XML. */
  readonly text: string;
  header(name: string): string | undefined;
}

export interface VendorReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is (then name its content type), `undefined` is no body, anything else is sent as JSON. */
  readonly body: unknown;
}

export interface VendorRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Full path from the root, in the syntax of path-to-regexp 8. */
  readonly path: string;
  readonly effect: Effect;
  handle(request: VendorRequest): VendorReply | Promise<VendorReply>;
}

/** What calls to a vendor's numbers would do at this moment, in one shape for every vendor. */
export interface VendorOverview {
  readonly accounts: readonly {
    readonly account: string;
    readonly numbers: readonly {
      /** E.164 with '+', whatever notation the vendor uses on the wire. */
      readonly number: string;
      readonly id: string;
      readonly route: unknown;
    }[];
  }[];
}

/** An account that the demo configures, and that the suites which run over all vendors use. */
export interface VendorDemo {
  /** The vendor's own identifier of the account. */
  readonly account: string;
  /** As `PUT /api/provider/{provider}` takes them: fixed, and plainly no secrets. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Its numbers that can be routed, wherever they lead at first; E.164. */
  readonly numbers: readonly [string, string, ...string[]];
}

/** One simulated vendor. Its state can be written as a seed, so that what is saved is read back by the same parser. */
export interface Vendor<Seed> {
  /** Path prefixes that belong to this vendor; what no route answers below them gets the vendor's own 404. */
  readonly prefixes: readonly string[];
  readonly routes: readonly VendorRoute[];
  /** Its calls; `null` where they are no requests but WebSockets, and the vendor has admin routes of its own for them. */
  readonly calls: CallBook | null;
  /** Further actions below `/_sim/{vendor}`, with paths relative to it. */
  readonly adminRoutes: readonly VendorRoute[];
  /** A refusal in the vendor's own words, for injected faults, the rate limit and unknown paths. */
  failure(status: number, request: VendorRequest): VendorReply;
  /** @throws BadInput when the input does not have the shape of a seed */
  parseSeed(input: unknown): Seed;
  /** Adds what is missing. What exists already keeps its state, so that seeding again loses no route. */
  seed(seed: Seed): void;
  snapshot(): Seed;
  /** Makes the accounts of `demos`. */
  readonly demoSeed: Seed;
  /** One for each kind of account that the vendor has. */
  readonly demos: readonly [VendorDemo, ...VendorDemo[]];
  /** The account comes to hold these E.164 numbers, as freshly bought ones. */
  hold(account: string, numbers: readonly string[]): void;
  /** The number leaves whichever account holds it. */
  release(number: string): void;
  /**
   * Leads a number's calls to a URL as the customer does by hand in the vendor's portal, as far as its API cannot; `null`
   * where nothing is done by hand.
   */
  readonly bind: ((this: void, number: string, url: string) => void) | null;
  overview(): VendorOverview;
}

export interface VendorContext {
  /** Unix milliseconds. */
  now(): number;
}
