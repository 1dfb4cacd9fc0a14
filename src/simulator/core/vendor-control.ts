import { ModeSwitch } from './mode';
import { RateLimiter } from './rate-limiter';
import { RequestLog } from './request-log';
import { VendorContext } from './vendor';

/** The knobs and the logbook of one vendor: the same over HTTP below `/_sim` and for a test in the same process. */
export class VendorControl {
  readonly mode = new ModeSwitch();
  readonly requests = new RequestLog();
  readonly rateLimit: RateLimiter;

  constructor(context: VendorContext) {
    this.rateLimit = new RateLimiter(() => context.now());
  }
}
