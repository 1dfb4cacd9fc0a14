import { Injectable } from '@nestjs/common';
import { type Sealed, SecretBox } from '../common/secret-box';
import type { SharedValues } from './contract/shared-resources';
import type { CredentialTexts } from './provider-credentials';
import type { ProviderName } from '../common/provider-name';

export interface SealedCredentials {
  readonly accountId: string;
  readonly provider: ProviderName;
  readonly sealedCredentials: string;
  readonly secretsKeyId: string;
}

interface Owner {
  readonly accountId: string;
  readonly provider: ProviderName;
}

/** Seals credentials, and what was made with them at the vendor, so that they open for the same account and provider only. */
@Injectable()
export class CredentialVault {
  constructor(private readonly secrets: SecretBox) {}

  seal(accountId: string, provider: ProviderName, credentials: CredentialTexts): SealedCredentials {
    const { box, keyId } = this.secrets.seal(JSON.stringify(credentials), context(accountId, provider));
    return { accountId, provider, sealedCredentials: box, secretsKeyId: keyId };
  }

  /** @throws SecretBoxError when the key that sealed them is not configured any more, or they were tampered with */
  open({ accountId, provider, sealedCredentials, secretsKeyId }: SealedCredentials): CredentialTexts {
    const sealed = { box: sealedCredentials, keyId: secretsKeyId };
    return JSON.parse(this.secrets.open(sealed, context(accountId, provider))) as CredentialTexts;
  }

  sealShared(owner: Owner, values: SharedValues): Sealed {
    return this.secrets.seal(JSON.stringify(values), sharedContext(owner));
  }

  /** @throws SecretBoxError as `open` does */
  openShared(owner: Owner, sealed: Sealed): SharedValues {
    return JSON.parse(this.secrets.open(sealed, sharedContext(owner))) as SharedValues;
  }
}

function context(accountId: string, provider: ProviderName): string {
  return `${accountId}:${provider}`;
}

function sharedContext({ accountId, provider }: Owner): string {
  return `${context(accountId, provider)}:shared`;
}
