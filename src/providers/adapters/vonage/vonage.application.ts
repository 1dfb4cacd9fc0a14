import type { RouteTarget } from '../../contract/route';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';

/** An application as `/v2/applications` shows it; `body` is all of it, since an update replaces the whole. */
export interface VonageApplication {
  readonly id: string;
  readonly name: string | null;
  readonly body: JsonRecord;
}

/** The application, or `null` where it is none. Source: https://developer.vonage.com/en/api/application.v2 */
export function parseVonageApplication(body: unknown): VonageApplication | null {
  if (!isRecord(body)) return null;
  const id = textOrNull(body, 'id');
  return id === null ? null : { id, name: textOrNull(body, 'name'), body };
}

/** Whether calls through the application reach `target`, signed. */
export function answersAt({ body }: VonageApplication, target: RouteTarget): boolean {
  const voice = recordIn(recordIn(body, 'capabilities'), 'voice');
  const webhooks = recordIn(voice, 'webhooks');
  return (
    isPostedTo(recordIn(webhooks, 'answer_url'), target.answerUrl) &&
    isPostedTo(recordIn(webhooks, 'event_url'), target.statusUrl) &&
    voice.signed_callbacks !== false
  );
}

/** Whether the application is known to hold another public key than this one. */
export function holdsOtherKey({ body }: VonageApplication, publicKey: string): boolean {
  const held = textOrNull(recordIn(body, 'keys'), 'public_key');
  return held !== null && bare(held) !== bare(publicKey);
}

export function newApplication(name: string, target: RouteTarget, publicKey: string): JsonRecord {
  return { name, ...withVoice({}, target), keys: { public_key: publicKey } };
}

/** The same application with our URLs and key: whatever else it holds is sent along, or it would be gone. */
export function changedApplication({ body }: VonageApplication, target: RouteTarget, publicKey: string): JsonRecord {
  const kept = Object.fromEntries(Object.entries(body).filter(([member]) => member !== '_links'));
  return { ...kept, ...withVoice(recordIn(body, 'capabilities'), target), keys: { public_key: publicKey } };
}

function withVoice(capabilities: JsonRecord, target: RouteTarget): JsonRecord {
  const voice = recordIn(capabilities, 'voice');
  const webhooks = recordIn(voice, 'webhooks');
  const posted = (name: string, address: string) => ({ ...recordIn(webhooks, name), address, http_method: 'POST' });
  return {
    capabilities: {
      ...capabilities,
      voice: {
        ...voice,
        webhooks: {
          ...webhooks,
          answer_url: posted('answer_url', target.answerUrl),
          event_url: posted('event_url', target.statusUrl),
        },
        signed_callbacks: true,
      },
    },
  };
}

function isPostedTo(webhook: JsonRecord, address: string): boolean {
  return webhook.address === address && webhook.http_method === 'POST';
}

function recordIn(record: JsonRecord, member: string): JsonRecord {
  const value = record[member];
  return isRecord(value) ? value : {};
}

function bare(pem: string): string {
  return pem.replace(/\s+/g, '');
}
