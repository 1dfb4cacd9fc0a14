import { BandwidthVendor } from './bandwidth/bandwidth.vendor';
import { Vendor, VendorContext } from './core/vendor';
import { ExotelVendor } from './exotel/exotel.vendor';
import { PlivoVendor } from './plivo/plivo.vendor';
import { OzonetellVendor } from './ozonetell/ozonetell.vendor';
import { SanVendor } from './san/san.vendor';
import { TelnyxVendor } from './telnyx/telnyx.vendor';
import { TwilioVendor } from './twilio/twilio.vendor';
import { VonageVendor } from './vonage/vonage.vendor';

/** Every simulated vendor. One more is its folder and one line here. */
const FACTORIES = {
  twilio: (context: VendorContext) => new TwilioVendor(context),
  san: (context: VendorContext) => new SanVendor(context),
  telnyx: (context: VendorContext) => new TelnyxVendor(context),
  bandwidth: (context: VendorContext) => new BandwidthVendor(context),
  vonage: (context: VendorContext) => new VonageVendor(context),
  exotel: (context: VendorContext) => new ExotelVendor(context),
  plivo: (context: VendorContext) => new PlivoVendor(context),
  ozonetell: (context: VendorContext) => new OzonetellVendor(context),
};

export type VendorName = keyof typeof FACTORIES;

export type Vendors = { readonly [Name in VendorName]: ReturnType<(typeof FACTORIES)[Name]> };

export type SimulatorSeed = { [Name in VendorName]?: ReturnType<Vendors[Name]['parseSeed']> };

export const VENDOR_NAMES = Object.keys(FACTORIES) as VendorName[];

export function createVendors(context: VendorContext): Vendors {
  const made: [VendorName, Vendor<unknown>][] = VENDOR_NAMES.map((name) => [name, FACTORIES[name](context)]);
  return Object.fromEntries(made) as unknown as Vendors;
}
