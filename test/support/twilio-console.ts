import { DEMO_TWILIO } from '../../src/simulator/twilio/twilio.demo';
import type { Simulator } from '../../src/simulator/simulator';
import { atTwilio } from './twilio-side';

/** Changes a number as its owner does in Twilio's console. */
export async function changeAtTwilio(
  simulator: Simulator,
  phoneNumber: string,
  form: Record<string, string>,
): Promise<void> {
  const { sid } = atTwilio(simulator, phoneNumber);
  const url = `${simulator.url}/2010-04-01/Accounts/${DEMO_TWILIO.sid}/IncomingPhoneNumbers/${sid}.json`;
  const authorization = `Basic ${Buffer.from(`${DEMO_TWILIO.sid}:${DEMO_TWILIO.auth_token}`).toString('base64')}`;
  const response = await fetch(url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) });
  if (!response.ok) throw new Error(`The simulated Twilio answered ${response.status}`);
}
