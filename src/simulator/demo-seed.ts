import type { Vendor } from './core/vendor';
import { createVendors, type SimulatorSeed, VENDOR_NAMES } from './vendors';

const vendors = createVendors({ now: Date.now });

/** The demo's accounts at every vendor. */
export const DEMO_SEED: SimulatorSeed = Object.fromEntries(VENDOR_NAMES.map((name) => [name, vendors[name].demoSeed]));

/** The account at a vendor that the demo configures. */
export function demoAccount(name: (typeof VENDOR_NAMES)[number]): Vendor<unknown>['demos'][0] {
  return vendors[name].demos[0];
}
