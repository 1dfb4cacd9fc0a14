import { Injectable } from '@nestjs/common';
import { SecretBox } from '../common/secret-box';
import type { CredentialTexts } from './provider-credentials';
import type { ProviderName } from './provider-name';

export interface SealedCredentials {
  readonly accountId: string;
  readonly provider: ProviderName;
  readonly sealedCredentials: string;
  readonly secretsKeyId: string;
}

/** Seals credentials so that they open for the same account and provider only. */
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
}

function context(accountId: string, provider: ProviderName): string {
  return `${accountId}:${provider}`;
}
