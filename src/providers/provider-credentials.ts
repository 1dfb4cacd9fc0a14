import { validateSync } from 'class-validator';
import { Faults } from '../http/validation/faults';
import type { CredentialField, ProviderCredentials } from './contract/credentials';
import type { AnyProviderAdapter, ProviderAdapter, ProviderClient } from './contract/provider-adapter';
import type { VendorHttp } from './contract/http';
import type { SharedResources } from './contract/shared-resources';

/** Credentials as given and as sealed: every field is a text. */
export type CredentialTexts = Readonly<Record<string, string>>;

/**
 * The credentials in a request, checked against the adapter's class; a `null` member counts as not given, and a whole
 * number as its digits where the field is no secret, since vendors call some ids integers. No fault repeats a value.
 * @throws AppError `VALIDATION_FAILED`, which names each fault as `credentials.auth_token`
 */
export function parseCredentials(
  adapter: AnyProviderAdapter,
  given: Readonly<Record<string, unknown>>,
): CredentialTexts {
  const faults = new Faults();
  const isSecret = new Map(adapter.credentialFields.map(({ name, secret }) => [name, secret]));
  const texts: Record<string, string> = {};
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(given)) {
    const value = isSecret.get(name) === false && Number.isSafeInteger(member) ? String(member) : member;
    if (!isSecret.has(name)) faults.invalid(`credentials.${name}`, `is not a credential of ${adapter.name}`);
    else if (value !== null) members[name] = value;
    if (typeof value === 'string') texts[name] = value;
  }
  reportFaults(adapter, members, faults);
  const error = faults.toError();
  if (error) throw error;
  return texts;
}

function reportFaults(adapter: AnyProviderAdapter, members: Record<string, unknown>, faults: Faults): void {
  const required = new Set(adapter.credentialFields.filter((field) => field.required).map(({ name }) => name));
  const errors = validateSync(Object.assign(new adapter.credentials(), members), {
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  for (const { property, constraints } of errors) {
    const isMissing = required.has(property) && !Object.hasOwn(members, property);
    const [what = 'is not valid'] = Object.values(constraints ?? {});
    faults.invalid(`credentials.${property}`, isMissing ? 'is required' : what);
  }
}

/** Credentials that `parseCredentials` has passed, as the adapter takes them. */
export function credentialsOf<C extends ProviderCredentials>(adapter: ProviderAdapter<C>, texts: CredentialTexts): C {
  return Object.assign(new adapter.credentials(), texts);
}

/** A client for credentials that `parseCredentials` has passed. */
export function connect<C extends ProviderCredentials>(
  adapter: ProviderAdapter<C>,
  credentials: CredentialTexts,
  http: VendorHttp,
  shared: SharedResources,
): ProviderClient {
  return adapter.connect(credentialsOf(adapter, credentials), http, shared);
}

const SHOWN = 4;
/** A shorter secret would be half given away by its last four characters. */
const SHORTEST_SHOWN_IN_PART = 12;

/** The credentials as they may be shown: of a secret only the last four characters, of a short one nothing. */
export function maskCredentials(fields: readonly CredentialField[], credentials: CredentialTexts): CredentialTexts {
  const shown: Record<string, string> = {};
  for (const { name, secret } of fields) {
    const value = credentials[name];
    if (value === undefined) continue;
    shown[name] = secret ? `****${value.length >= SHORTEST_SHOWN_IN_PART ? value.slice(-SHOWN) : ''}` : value;
  }
  return shown;
}
