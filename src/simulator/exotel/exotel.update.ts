import { ExotelAccount } from './exotel.account';
import { ExotelError, invalid } from './exotel.errors';
import { ExotelNumber } from './exotel.number';

/**
 * Applies `PUT IncomingPhoneNumbers/{sid}`: only sent fields change. "Custom external URLs are not supported": a voice URL
 * must be that of one of the account's flows. That an empty one takes the number out of its flow is a choice: an empty
 * `voice_url` was seen in a live list, but how it came there is not documented.
 */
export function updateNumber(
  account: ExotelAccount,
  number: ExotelNumber,
  form: URLSearchParams,
): ExotelError | undefined {
  const voiceUrl = form.get('VoiceUrl');
  const smsUrl = form.get('SMSUrl');
  const friendlyName = form.get('FriendlyName');
  const flow = voiceUrl ? account.flowAt(voiceUrl) : undefined;
  if (voiceUrl && !flow) return invalid(`VoiceUrl is not a valid flow URL: ${voiceUrl}`);

  if (voiceUrl !== null) number.voice_url = flow ? account.urlOf(flow) : '';
  if (smsUrl !== null) number.sms_url = smsUrl || null;
  if (friendlyName !== null) number.friendly_name = friendlyName;
  return undefined;
}
