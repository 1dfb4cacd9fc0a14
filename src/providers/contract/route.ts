/** Where we want a number's calls and status callbacks to go; absolute URLs. */
export interface RouteTarget {
  readonly answerUrl: string;
  readonly statusUrl: string;
}

/**
 * What a provider held for a number before we took it, in the provider's own words, so that it can be given back.
 * Opaque to everything but the adapter that made it; stored as JSON.
 */
export type RouteSnapshot = Readonly<Record<string, string | null>>;

/** A number as the provider holds it. */
export interface OwnedNumber {
  /** E.164. */
  readonly phoneNumber: string;
  /** The provider's own identifier of the number (Twilio's `PN…`), where it has one. */
  readonly providerNumberId: string | null;
}

/** Some of an account's numbers, as the provider lists them. */
export interface NumberPage {
  readonly numbers: readonly OwnedNumber[];
  /** How to go on behind this page, in the adapter's own words, at most 1,024 characters; `null` on the last one. */
  readonly next: string | null;
}

/** The number to route: as stored, with the provider's identifier when it is known from an earlier call. */
export type NumberReference = OwnedNumber;

export interface CurrentRoute {
  readonly providerNumberId: string | null;
  readonly snapshot: RouteSnapshot;
  /** Whether calls to the number reach `target`, taking into account all that may override it at the provider. */
  matches(target: RouteTarget): boolean;
}
