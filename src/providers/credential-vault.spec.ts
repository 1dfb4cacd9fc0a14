import { SecretBox, SecretBoxError } from '../common/secret-box';
import { CredentialVault } from './credential-vault';

const KEY = Buffer.alloc(32, 1);

describe('CredentialVault', () => {
  const vault = new CredentialVault(new SecretBox([KEY]));
  const credentials = { account_sid: 'AC1', auth_token: 'token-in-clear' };

  it('opens what it sealed', () => {
    const sealed = vault.seal('acct_1', 'twilio', credentials);
    expect(sealed).toMatchObject({ accountId: 'acct_1', provider: 'twilio', secretsKeyId: SecretBox.keyId(KEY) });
    expect(Buffer.from(sealed.sealedCredentials, 'base64').toString('latin1')).not.toContain('token-in-clear');
    expect(vault.open(sealed)).toEqual(credentials);
  });

  it('does not open in another account or for another provider', () => {
    const sealed = vault.seal('acct_1', 'twilio', credentials);
    expect(() => vault.open({ ...sealed, accountId: 'acct_2' })).toThrow(SecretBoxError);
    expect(() => vault.open({ ...sealed, provider: 'san' })).toThrow(SecretBoxError);
  });
});
