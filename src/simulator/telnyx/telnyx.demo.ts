import { VendorDemo } from '../core/vendor';
import { TelnyxSeed } from './telnyx.seed';

/** Credentials of the demo. The key pair is the first test vector of RFC 8032, section 7.1, so plainly no secret. */
export const DEMO_TELNYX = {
  account_sid: '61bf923e-5e4d-4595-a110-56190ea18a1b',
  api_key: `KEY${'0123456789ABCDEF'.repeat(2)}_demo`,
  /** Base64 of 32 bytes. */
  public_key: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  /** Base64 of 32 bytes. */
  private_key: 'nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=',
} as const;

const TRUNK = '1293384261075731499';
const FORMER_APPLICATION = '1494404757140276705';
const PROFILE = '1293384261075731461';

/**
 * Five numbers. One leads to a SIP trunk and one to a TeXML application already; one is forwarded, which no connection can
 * change, and one shows another number to whoever is called.
 */
export const DEMO_TELNYX_SEED: TelnyxSeed = {
  accounts: [
    {
      account_sid: DEMO_TELNYX.account_sid,
      api_key: DEMO_TELNYX.api_key,
      private_key: DEMO_TELNYX.private_key,
      connections: [{ id: TRUNK, name: 'Office trunk' }],
      texml_applications: [
        {
          id: FORMER_APPLICATION,
          friendly_name: 'Former application',
          voice_url: 'https://former.example.com/telnyx/voice',
          status_callback: 'https://former.example.com/telnyx/status',
          outbound_voice_profile_id: PROFILE,
        },
      ],
      outbound_voice_profiles: [{ id: PROFILE, name: 'Default' }],
      numbers: [
        '+13125550142',
        { phone_number: '+13129457420', connection_id: TRUNK },
        { phone_number: '+35319605860', country_iso_alpha2: 'IE', connection_id: FORMER_APPLICATION },
        {
          phone_number: '+442071838750',
          country_iso_alpha2: 'GB',
          call_forwarding: {
            call_forwarding_enabled: true,
            forwards_to: '+442071838751',
            forwarding_type: 'always',
          },
        },
        { phone_number: '+61255501234', country_iso_alpha2: 'AU', translated_number: '1234' },
      ],
    },
  ],
};

/** Without the number that is forwarded and the one that is translated, which cannot be routed. */
export const DEMO_TELNYX_ACCOUNT: VendorDemo = {
  account: DEMO_TELNYX.account_sid,
  credentials: { api_key: DEMO_TELNYX.api_key, public_key: DEMO_TELNYX.public_key },
  numbers: ['+13125550142', '+13129457420', '+35319605860'],
};
