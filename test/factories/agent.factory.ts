import { expectSuccess } from '../support/envelope';
import type { ApiClient } from '../support/test-app';

export interface CreatedAgent extends Record<string, unknown> {
  readonly agent_id: string;
}

/** Creates an agent through the API; what `overrides` names replaces or joins the body. */
export async function createAgent(api: ApiClient, overrides: Record<string, unknown> = {}): Promise<CreatedAgent> {
  const response = await api.post('/api/agent').send({ agent_name: 'Reception', ...overrides });
  return expectSuccess(response, 201) as CreatedAgent;
}

/** A created agent as it is shown ever after: its secret is told once only. */
export function withoutSecret({ webhook_secret: _secret, ...agent }: Record<string, unknown>): Record<string, unknown> {
  return agent;
}
