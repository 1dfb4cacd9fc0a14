import { PlivoSeed } from './plivo.seed';

/** Credentials of the demo: fixed, and plainly no secrets. */
export const DEMO_PLIVO = {
  auth_id: 'MA0123456789ABCDEFGH',
  auth_token: 'demoplivotoken'.repeat(2),
} as const;

const FORMER_APP = '16092143578200311';

/**
 * Four numbers, one of which leads to an application already. The same application is the account's default, so that an
 * update of any number that names no application sends its calls there, which is what a client has to notice.
 */
export const DEMO_PLIVO_SEED: PlivoSeed = {
  accounts: [
    {
      ...DEMO_PLIVO,
      name: 'Demo account',
      timezone: 'America/Los_Angeles',
      default_number_app: FORMER_APP,
      applications: [{ app_id: FORMER_APP, app_name: 'Former_App', answer_url: 'https://former.example.com/answer' }],
      numbers: [
        { number: '+14155550123', app_id: FORMER_APP, region: 'California, UNITED STATES' },
        '+12125550145',
        { number: '+442079460958', region: 'London, UNITED KINGDOM' },
        { number: '+918035551234', region: 'Bengaluru, INDIA', sms_enabled: false },
      ],
    },
  ],
};
