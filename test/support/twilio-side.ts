import { DEMO_TWILIO } from '../../src/simulator/twilio/twilio.demo';
import type { Simulator } from '../../src/simulator/simulator';
import type { TwilioNumber, VoiceTarget } from '../../src/simulator/twilio/twilio.number';

/** The number as the simulated Twilio holds it now. */
export function atTwilio(simulator: Simulator, phoneNumber: string): TwilioNumber {
  const number = simulator.twilio.account(DEMO_TWILIO.sid)?.number(phoneNumber);
  if (!number) throw new Error(`The simulated account does not own ${phoneNumber}`);
  return { ...number };
}

/** The same without what says nothing of where its calls go; a text that is not set is `''`, never `null`. */
export function routeAtTwilio(simulator: Simulator, phoneNumber: string): Record<string, string | boolean> {
  const members = Object.entries(atTwilio(simulator, phoneNumber)).filter(([member]) => member !== 'date_updated');
  return Object.fromEntries(members.map(([member, value]) => [member, value ?? '']));
}

/** What a call to the number would do. */
export function callTarget(simulator: Simulator, phoneNumber: string): VoiceTarget | undefined {
  return simulator.twilio.account(DEMO_TWILIO.sid)?.effectiveVoiceTarget(phoneNumber);
}
