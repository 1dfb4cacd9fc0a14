import { randomBytes } from 'node:crypto';
import type { SharedValues } from '../../contract/shared-resources';

/** What Bandwidth sends with its callbacks, by HTTP Basic. */
export interface CallbackUser {
  readonly user: string;
  readonly password: string;
}

/** Which of its two ways of routing calls an account has. */
export type AccountKind = 'universal' | 'legacy';

/** The members of `SharedValues` for Bandwidth, each absent until it is made. */
export interface Made {
  readonly kind?: AccountKind;
  readonly applicationId?: string;
  readonly callback?: CallbackUser;
  /** Universal Platform: the voice configuration package. */
  readonly packageId?: string;
  /** Otherwise: the location. */
  readonly siteId?: string;
  readonly sipPeerId?: string;
}

export function madeOf(values: SharedValues | null): Made {
  const { kind, application_id, callback_user, callback_password, package_id, site_id, sip_peer_id } = values ?? {};
  return {
    kind: kind === 'universal' || kind === 'legacy' ? kind : undefined,
    applicationId: application_id,
    callback: callback_user && callback_password ? { user: callback_user, password: callback_password } : undefined,
    packageId: package_id,
    siteId: site_id,
    sipPeerId: sip_peer_id,
  };
}

/** The same object where nothing of it has changed, so that nothing is stored anew. */
export function valuesOf(made: Made, remembered: SharedValues | null): SharedValues {
  const members = Object.entries({
    kind: made.kind,
    application_id: made.applicationId,
    callback_user: made.callback?.user,
    callback_password: made.callback?.password,
    package_id: made.packageId,
    site_id: made.siteId,
    sip_peer_id: made.sipPeerId,
  }).filter((member): member is [string, string] => member[1] !== undefined);
  const isSame =
    remembered !== null &&
    members.length === Object.keys(remembered).length &&
    members.every(([name, value]) => remembered[name] === value);
  return isSame ? remembered : Object.fromEntries(members);
}

/** The user is random as well: Bandwidth shows it, and not the password, so another one tells that both were changed. */
export function newCallbackUser(): CallbackUser {
  return { user: `patchbay-${randomBytes(4).toString('hex')}`, password: randomBytes(32).toString('hex') };
}
