import type { AnyProviderAdapter } from '../contract/provider-adapter';
import type { ProviderName } from '../provider-name';
import { sanAdapter } from './san/san.adapter';
import { twilioAdapter } from './twilio/twilio.adapter';

/** The providers that this version can speak to. */
export const ADAPTERS = {
  san: sanAdapter,
  twilio: twilioAdapter,
} as const satisfies Partial<Record<ProviderName, AnyProviderAdapter>>;
