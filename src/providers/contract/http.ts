export interface VendorRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute URL at the vendor's own host; the client applies `PROVIDER_<NAME>_URL`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent url-encoded; a list repeats its name. */
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  /** Sent as `application/xml`. */
  readonly xml?: string;
  /** For a request that changes something although it is a GET, and for one that must not be made twice. */
  readonly retry?: 'never';
  /** Ends the call early with a transient error; the client also has its own time limit. */
  readonly signal?: AbortSignal;
}

export interface VendorResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or `undefined` where it is not JSON. */
  readonly json: unknown;
}

/**
 * What adapters speak HTTP through. Answers of any status are returned, except that 429 throws `rate_limited` with
 * the vendor's `Retry-After`, 5xx, network faults and timeouts throw `transient`, and a redirect throws `permanent`.
 * A GET is tried again a few times while the signal and the time limit allow; anything else only where the vendor
 * has surely not carried it out (429, connection refused).
 */
export interface VendorHttp {
  send(request: VendorRequest): Promise<VendorResponse>;
}
