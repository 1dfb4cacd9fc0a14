import { changesOf } from './agent-changes';

describe('changesOf', () => {
  it('names nothing that the request left out', () => {
    expect(changesOf({})).toEqual({});
    expect(Object.keys(changesOf({ agent_name: 'Reception' }))).toEqual(['agentName']);
  });

  it('keeps null, which clears', () => {
    expect(changesOf({ prompt: null, connect: null, fallback: null, llm: null, webhook_events: null })).toEqual({
      prompt: null,
      connect: null,
      fallback: null,
      llm: null,
      webhookEvents: null,
    });
  });

  it('stores of a fallback what goes with its type', () => {
    expect(changesOf({ fallback: { type: 'message', text: 'Bye' } })).toEqual({
      fallback: { type: 'message', text: 'Bye' },
    });
    expect(changesOf({ fallback: { type: 'sip', to: 'sip:desk@example.com' } })).toEqual({
      fallback: { type: 'sip', to: 'sip:desk@example.com' },
    });
  });

  it('leaves the numbers to those who attach', () => {
    expect(changesOf({ phone_numbers: ['+12025551234'], provider: 'san' })).toEqual({});
  });
});
