import { interestOf, isInterested } from './webhook-event';

const URL = 'https://receiver.example/hook';

describe('isInterested', () => {
  it('is in nothing without a webhook', () => {
    expect(isInterested({ webhookUrl: null, webhookEvents: null }, 'call.ended')).toBe(false);
    expect(isInterested({ webhookUrl: null, webhookEvents: ['call.ended'] }, 'call.ended')).toBe(false);
  });

  it('is in everything without a filter, and in nothing with an empty one', () => {
    expect(isInterested({ webhookUrl: URL, webhookEvents: null }, 'call.ended')).toBe(true);
    expect(isInterested({ webhookUrl: URL, webhookEvents: [] }, 'call.ended')).toBe(false);
  });

  it('is in what the filter names', () => {
    const interest = { webhookUrl: URL, webhookEvents: ['call.ended', 'number.attached'] } as const;
    expect(isInterested(interest, 'call.ended')).toBe(true);
    expect(isInterested(interest, 'call.initiated')).toBe(false);
  });
});

describe('interestOf', () => {
  it('reads a filter whether the driver has parsed it or not', () => {
    const expected = { webhookUrl: URL, webhookEvents: ['call.ended'] };
    expect(interestOf({ webhookUrl: URL, webhookEvents: '["call.ended"]' })).toEqual(expected);
    expect(interestOf({ webhookUrl: URL, webhookEvents: ['call.ended'] })).toEqual(expected);
    expect(interestOf({ webhookUrl: null, webhookEvents: null })).toEqual({ webhookUrl: null, webhookEvents: null });
  });
});
