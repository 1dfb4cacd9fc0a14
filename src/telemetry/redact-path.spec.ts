import { redactPath } from './redact-path';

describe('redactPath', () => {
  it.each([
    ['/api/agent', '/api/agent'],
    ['/api/phone-number?search=%2B91&token=s3cret', '/api/phone-number'],
    ['/inbound/twilio/k3y', '/inbound/twilio/***'],
    ['/inbound/twilio/k3y/status?CallSid=1', '/inbound/twilio/***'],
    ['/inbound/san/k3y/+918062810341', '/inbound/san/***'],
    ['/INBOUND/San/k3y', '/INBOUND/San/***'],
    ['//inbound//san//k3y', '//inbound//san/***'],
    ['/inbound/san', '/inbound/san'],
    ['/api/inbound/san/x', '/api/inbound/san/x'],
    ['', ''],
  ])('%s is logged as %s', (url, expected) => {
    expect(redactPath(url)).toBe(expected);
  });
});
