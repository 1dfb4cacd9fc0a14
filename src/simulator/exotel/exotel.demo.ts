import { flowUrl } from './exotel.flow';
import { ExotelSeed } from './exotel.seed';

/** Credentials of the demo: fixed, and plainly no secrets. `app_id` is the flow that the customer has built for us. */
export const DEMO_EXOTEL = {
  sid: 'demoexotel1',
  api_key: 'demo-exotel-key',
  api_token: 'demo-exotel-token',
  region: 'mumbai',
  app_id: '45195',
} as const;

const { sid, api_key, api_token, region, app_id } = DEMO_EXOTEL;
const FORMER_APP_ID = '338415';
const FORMER = flowUrl(region, sid, FORMER_APP_ID);

/**
 * Four numbers in Mumbai, two of which Exotel writes as `0…` and two of which lead to an IVR of the customer's. The flow
 * for us asks nobody yet: its dynamic URL is set in App Bazaar, here by `POST /_sim/exotel/flow`.
 */
export const DEMO_EXOTEL_SEED: ExotelSeed = {
  accounts: [
    {
      sid,
      api_key,
      api_token,
      region,
      flows: [
        { app_id, dynamic_url: null, status_callback: null },
        { app_id: FORMER_APP_ID, dynamic_url: 'https://former.example.com/voicebot', status_callback: null },
      ],
      numbers: [
        { phone_number: '+918047281001', notation: 'national', voice_url: FORMER, friendly_name: 'Sales' },
        {
          phone_number: '+918047281002',
          notation: 'e164',
          voice_url: FORMER,
          sms_url: 'https://former.example.com/sms',
        },
        { phone_number: '+911147281003', notation: 'national' },
        { phone_number: '+912247281004', notation: 'e164' },
      ],
    },
  ],
};
