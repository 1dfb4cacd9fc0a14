import type { CalledAgent, CalledNumber } from './called-number';
import { decide } from './inbound-decision';

const CALL = { callId: 'call_1', from: '+14155550100', to: '+918062810341' };
const AGENT: CalledAgent = {
  agentId: 'agent_1',
  status: 'active',
  connect: { type: 'websocket', url: 'wss://agent.example/media' },
  fallback: null,
  language: 'en-IN',
  inboundWebhookUrl: null,
};
const of = (agent: Partial<CalledAgent> | null): CalledNumber => ({
  e164: '+918062810341',
  provenAt: null,
  maxConcurrentCalls: null,
  agent: agent && { ...AGENT, ...agent },
});
const PARAMETERS = { call_id: 'call_1', agent_id: 'agent_1', to: '+918062810341', from: '+14155550100' };

describe('decide', () => {
  it("streams to the agent's URL and says which call it is", () => {
    expect(decide(of({}), CALL, null)).toEqual({
      verdict: 'routed',
      answer: { kind: 'stream', url: 'wss://agent.example/media', parameters: PARAMETERS },
    });
    const withheld = decide(of({}), { ...CALL, from: null }, null).answer;
    expect(withheld).toMatchObject({ parameters: { call_id: 'call_1', agent_id: 'agent_1', to: '+918062810341' } });
    expect(JSON.stringify(withheld)).not.toContain('from');
  });

  it('connects to a SIP address', () => {
    const connect = { type: 'sip', url: 'sip:agent@sip.example' } as const;
    expect(decide(of({ connect }), CALL, null).answer).toEqual({
      kind: 'sip',
      uri: 'sip:agent@sip.example',
      callerId: null,
    });
  });

  it('fills in the default media URL', () => {
    const media = 'wss://media.example/{agent_id}/{call_id}';
    expect(decide(of({ connect: null }), CALL, media)).toMatchObject({
      verdict: 'routed',
      answer: { kind: 'stream', url: 'wss://media.example/agent_1/call_1' },
    });
  });

  it('rejects a call to nobody', () => {
    expect(decide(null, CALL, null)).toEqual({
      verdict: 'unknown_number',
      answer: { kind: 'reject', reason: 'rejected' },
    });
    expect(decide(of(null), CALL, 'wss://media.example')).toMatchObject({
      verdict: 'not_attached',
      answer: { kind: 'reject' },
    });
  });

  it.each([
    [
      { type: 'message', text: 'Closed' },
      { kind: 'say', text: 'Closed', language: 'en-IN' },
    ],
    [
      { type: 'phone_number', to: '+14155550199' },
      { kind: 'dial', to: '+14155550199', callerId: '+918062810341' },
    ],
    [
      { type: 'sip', to: 'sip:desk@sip.example' },
      { kind: 'sip', uri: 'sip:desk@sip.example', callerId: '+918062810341' },
    ],
  ] as const)('falls back to %j while the agent is inactive', (fallback, answer) => {
    expect(decide(of({ status: 'inactive', fallback }), CALL, null)).toEqual({ verdict: 'fallback', answer });
  });

  it('is busy where there is nothing to fall back to', () => {
    const busy = { kind: 'reject', reason: 'busy' };
    expect(decide(of({ status: 'inactive' }), CALL, null)).toEqual({ verdict: 'agent_inactive', answer: busy });
    expect(decide(of({ connect: null }), CALL, null)).toEqual({ verdict: 'no_media', answer: busy });
  });
});
