import { VendorDemo } from '../core/vendor';
import { OzonetellSeed } from './ozonetell.seed';

/** Credentials of the demo: fixed, and plainly no secrets. */
export const DEMO_OZONETELL = {
  user_name: 'demo',
  api_key: `KK${'0123456789abcdef'.repeat(2)}`,
  sip_extension: '1234567',
} as const;

/** Four Indian numbers, one of which leads to somebody else's application. */
export const DEMO_OZONETELL_SEED: OzonetellSeed = {
  accounts: [
    {
      user_name: DEMO_OZONETELL.user_name,
      api_key: DEMO_OZONETELL.api_key,
      sip_extensions: [DEMO_OZONETELL.sip_extension],
      numbers: [
        '+918065740671',
        '+918065740672',
        { number: '+918065740673', app_url: 'https://former.example.com/kookoo' },
        '+912267890674',
      ],
    },
  ],
};

export const DEMO_OZONETELL_ACCOUNT: VendorDemo = {
  account: DEMO_OZONETELL.user_name,
  credentials: DEMO_OZONETELL,
  numbers: ['+918065740671', '+918065740672', '+918065740673', '+912267890674'],
};
