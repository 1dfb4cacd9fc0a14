/** Where a request came in: the parts of `/inbound/{provider}/{key}` and, at manual providers, the number behind it. */
export interface InboundAddress {
  readonly provider: string;
  readonly key: string;
  readonly number?: string;
}
