import type { RouteTarget } from '../../contract/route';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';

/** A TeXML application, as far as calls go. */
export interface TelnyxApplication {
  /** Digits, too many for a JavaScript number. */
  readonly id: string;
  readonly name: string;
  readonly voiceUrl: string | null;
  readonly voiceMethod: string | null;
  readonly statusCallback: string | null;
  readonly statusCallbackMethod: string | null;
  readonly isActive: boolean;
  /** As it was read, since a part of it cannot be written alone. */
  readonly outbound: JsonRecord;
}

/** The application in an answer of Telnyx's, or `null` where it is none. */
export function parseApplication(item: unknown): TelnyxApplication | null {
  if (!isRecord(item)) return null;
  const id = textOrNull(item, 'id');
  const name = textOrNull(item, 'friendly_name');
  if (id === null || name === null) return null;
  return {
    id,
    name,
    voiceUrl: textOrNull(item, 'voice_url'),
    voiceMethod: textOrNull(item, 'voice_method'),
    statusCallback: textOrNull(item, 'status_callback'),
    statusCallbackMethod: textOrNull(item, 'status_callback_method'),
    isActive: item.active !== false,
    outbound: isRecord(item.outbound) ? item.outbound : {},
  };
}

/** Whether the calls that reach the application reach `target`. */
export function leadsTo(application: TelnyxApplication, target: RouteTarget): boolean {
  return (
    application.isActive &&
    application.voiceUrl === target.answerUrl &&
    isPost(application.voiceMethod) &&
    application.statusCallback === target.statusUrl &&
    isPost(application.statusCallbackMethod)
  );
}

/** What makes an application lead to `target`; name and voice URL are required of every change. */
export function applicationBody(name: string, target: RouteTarget): JsonRecord {
  return {
    friendly_name: name,
    active: true,
    voice_url: target.answerUrl,
    voice_method: 'post',
    status_callback: target.statusUrl,
    status_callback_method: 'post',
  };
}

/** Without one of these an application places no calls. */
export function outboundProfile({ outbound }: TelnyxApplication): string | null {
  return textOrNull(outbound, 'outbound_voice_profile_id');
}

function isPost(method: string | null): boolean {
  return method?.toLowerCase() === 'post';
}
