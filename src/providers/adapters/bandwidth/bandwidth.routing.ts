import type { RouteSnapshot } from '../../contract/route';
import type { Made } from './bandwidth.shared';

/** Where a number is. */
export interface Place {
  readonly snapshot: RouteSnapshot;
  /** It is in the package or location that we made or were told to use. */
  readonly isOurs: boolean;
  /** Nothing keeps its calls from taking the way of that place. */
  readonly isOpen: boolean;
}

/** How an account of one kind brings a number's calls to an application; every method may be repeated harmlessly. */
export interface BandwidthRouting {
  /** Finds or makes the place for our numbers, makes it lead to the application, and returns what to remember of it. */
  prepare(made: Made, applicationId: string, signal: AbortSignal | undefined): Promise<Made>;
  /** The application that our place leads to at present; `null` where it leads to none or is gone. */
  applicationOf(made: Made, signal: AbortSignal | undefined): Promise<string | null>;
  /** @throws ProviderError `not_owned` */
  read(phoneNumber: string, made: Made, signal: AbortSignal | undefined): Promise<Place>;
  /** Puts the number into our place, and returns once Bandwidth shows it there. @throws ProviderError `not_owned` */
  take(phoneNumber: string, made: Made, signal: AbortSignal | undefined): Promise<void>;
  /** Puts a number that is in our place back to where it was. @throws ProviderError `not_owned` */
  giveBack(
    phoneNumber: string,
    former: RouteSnapshot | null,
    made: Made,
    signal: AbortSignal | undefined,
  ): Promise<void>;
}
