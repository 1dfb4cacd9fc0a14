import type { AnyProviderAdapter } from '../contract/provider-adapter';
import type { ProviderName } from '../../common/provider-name';
import { bandwidthAdapter } from './bandwidth/bandwidth.adapter';
import { exotelAdapter } from './exotel/exotel.adapter';
import { ozonetellAdapter } from './ozonetell/ozonetell.adapter';
import { plivoAdapter } from './plivo/plivo.adapter';
import { sanAdapter } from './san/san.adapter';
import { telnyxAdapter } from './telnyx/telnyx.adapter';
import { twilioAdapter } from './twilio/twilio.adapter';
import { vonageAdapter } from './vonage/vonage.adapter';

/** Every provider; the compiler asks for one that is missing. */
export const ADAPTERS = {
  san: sanAdapter,
  ozonetell: ozonetellAdapter,
  twilio: twilioAdapter,
  exotel: exotelAdapter,
  telnyx: telnyxAdapter,
  vonage: vonageAdapter,
  plivo: plivoAdapter,
  bandwidth: bandwidthAdapter,
} as const satisfies Record<ProviderName, AnyProviderAdapter>;
