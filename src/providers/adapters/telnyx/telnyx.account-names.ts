import { ProviderError } from '../../contract/provider-error';
import { isRecord, textOrNull } from '../../support/json';
import type { TelnyxApi } from './telnyx.api';

/** The names that the account of a key may go by in the routes of TeXML. */
export class TelnyxAccountNames {
  private names: readonly string[] | null = null;

  constructor(private readonly api: TelnyxApi) {}

  /** They belong to the key, so what was read is kept. */
  async read(signal: AbortSignal | undefined): Promise<readonly string[]> {
    this.names ??= await this.ask(signal);
    return this.names;
  }

  /**
   * An account is named by its organization, say those who use the API, or by its user, says the page on callbacks
   * (https://developers.telnyx.com/api-reference/callbacks/texml-call-completed), so either may be the one. What tells them is
   * not in the reference, so whatever else it comes to answer is as good as not told.
   */
  private async ask(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const response = await this.api.send('/whoami', { method: 'GET', signal }).catch((error: unknown) => {
      if (error instanceof ProviderError && !error.isRetryable) return null;
      throw error;
    });
    const self = isRecord(response?.json) && isRecord(response.json.data) ? response.json.data : {};
    const found = [textOrNull(self, 'organization_id'), textOrNull(self, 'user_id')];
    return [...new Set(found.filter((sid) => sid !== null))];
  }
}

/** The calls of an account by one of its names. */
export function callsPath(account: string): string {
  return `/texml/Accounts/${encodeURIComponent(account)}/Calls`;
}
