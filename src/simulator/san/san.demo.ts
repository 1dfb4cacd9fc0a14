import { VendorDemo } from '../core/vendor';
import { SanSeed } from './san.seed';

/** Credentials of the demo: fixed, and plainly no secrets. */
export const DEMO_SAN = { access_token: 'demo-access-token', access_key: 'demo-access-key', app_id: 2 } as const;

const NUMBERS = ['+918062810341', '+918062810342', '+918062810343', '+918062810344'] as const;

export const DEMO_SAN_SEED: SanSeed = { tenants: [{ ...DEMO_SAN, numbers: [...NUMBERS] }] };

export const DEMO_SAN_ACCOUNT: VendorDemo = {
  account: 'tenant-1',
  credentials: {
    // A name that can never be reached, should the simulator's address not replace it.
    base_url: 'https://san.example/pbxadmin/sanpbxapi',
    access_token: DEMO_SAN.access_token,
    access_key: DEMO_SAN.access_key,
    app_id: String(DEMO_SAN.app_id),
  },
  numbers: NUMBERS,
};
