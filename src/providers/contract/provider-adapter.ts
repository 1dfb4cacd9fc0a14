import type { ProviderName } from '../../common/provider-name';
import type { AnswerRenderer } from './answer';
import type { CallReport, LiveCall, OutboundCall, PlacedCall, SoughtCall } from './call';
import type { ProviderCapabilities } from './capabilities';
import type { CredentialField, CredentialsClass, ProviderCredentials } from './credentials';
import type { VendorHttp } from './http';
import type { CurrentRoute, NumberPage, NumberReference, OwnedNumber, RouteSnapshot, RouteTarget } from './route';
import type { SharedResources } from './shared-resources';
import type { WebhookReader } from './webhook';

/** `verified` is false where the vendor has no harmless call that would prove the credentials. */
export interface VerificationResult {
  readonly verified: boolean;
}

/**
 * One account at one vendor. Every method throws `ProviderError` and nothing else, and all but `placeCall` may be repeated
 * harmlessly.
 */
export interface ProviderClient {
  /** One harmless live call that proves the credentials; throws `credentials_rejected`. */
  verify(signal?: AbortSignal): Promise<VerificationResult>;
  /**
   * Every number of the account, page by page, each page fetched when it is asked for. Only with `capabilities.list`.
   * @param after `next` of a page read before, to go on behind it; `null` for the beginning
   */
  numbers(after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage>;
  /** The number, if the account owns exactly this one. Only with `capabilities.lookup`. */
  find(phoneNumber: string, signal?: AbortSignal): Promise<OwnedNumber | null>;
  /** Only with `capabilities.route`, as the two below. Throws `not_owned` where the account does not hold the number. */
  readRoute(number: NumberReference, signal?: AbortSignal): Promise<CurrentRoute>;
  route(number: NumberReference, target: RouteTarget, signal?: AbortSignal): Promise<void>;
  /**
   * Puts back what `readRoute` had shown before `route` (`null` clears it), member by member and only where the provider
   * still holds what one of `ours` had set: what somebody else has set since is theirs and stays.
   */
  unroute(
    number: NumberReference,
    former: RouteSnapshot | null,
    ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Only with `capabilities.call`. Never repeated by the adapter or the HTTP client once it may have been sent; an error
   * with `isOutcomeUnknown` leaves open whether the phone rings.
   */
  placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall>;
  /** Only with `capabilities.hangup`. A call that is over, or that the vendor knows no more, is no error. */
  hangup(call: LiveCall, signal?: AbortSignal): Promise<void>;
  /** Asks the vendor how a call goes; changes nothing. */
  readCall(call: SoughtCall, signal?: AbortSignal): Promise<CallReport>;
}

/** One vendor: data in, data out. Knows neither Nest nor the database; a stateless singleton. */
export interface ProviderAdapter<C extends ProviderCredentials = ProviderCredentials> {
  readonly name: ProviderName;
  readonly capabilities: ProviderCapabilities;
  readonly credentialFields: readonly CredentialField[];
  /** A class-validator class with one property a credential field. */
  readonly credentials: CredentialsClass<C>;
  /** How the provider reaches a number's inbound URL: `ws` for a WebSocket it opens, `http` for a webhook. */
  readonly inboundScheme: 'http' | 'ws';
  /** The customer's credentials name the host of the API, which therefore may have to be kept from private addresses. */
  readonly hasCustomerHost?: boolean;
  readonly webhook: WebhookReader<C>;
  /** `null` where the vendor asks for no document, but opens a WebSocket. */
  readonly answer: AnswerRenderer<C> | null;
  connect(credentials: C, http: VendorHttp, shared: SharedResources): ProviderClient;
}

/** An adapter of whichever vendor, as the code that only dispatches to it sees it. */
export type AnyProviderAdapter = ProviderAdapter<ProviderCredentials>;
