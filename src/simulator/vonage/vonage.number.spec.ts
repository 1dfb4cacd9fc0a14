import { NO_SETTINGS, numberPage, updatedSettings, voiceTarget, VonageNumber } from './vonage.number';

const APP = '78d335fa-323d-0114-9c3d-d6f0d48968cf';

const number = (more: Partial<VonageNumber> = {}): VonageNumber => ({
  number: '+447700900000',
  country: 'GB',
  type: 'mobile-lvn',
  features: ['VOICE'],
  ...NO_SETTINGS,
  ...more,
});

describe('where a number leads', () => {
  it('is a SIP or telephone callback before the application', () => {
    expect(voiceTarget(number({ app_id: APP }))).toEqual({ kind: 'application', application_id: APP });
    const tel = { voiceCallbackType: 'tel', voiceCallbackValue: '447700900001' };
    expect(voiceTarget(number({ app_id: APP, ...tel }))).toEqual({ kind: 'tel', value: '447700900001' });
    expect(voiceTarget(number())).toEqual({ kind: 'none' });
  });
});

describe('number/update', () => {
  const update = (form: Record<string, string>) => updatedSettings(new URLSearchParams(form), (id) => id === APP);

  it('clears what is left out and what is empty', () => {
    expect(update({ country: 'GB', msisdn: '447700900000' })).toEqual(NO_SETTINGS);
    expect(update({ app_id: '', moHttpUrl: '' })).toEqual(NO_SETTINGS);
    expect(update({ app_id: APP, moHttpUrl: 'https://example.com/' })).toEqual({
      ...NO_SETTINGS,
      app_id: APP,
      moHttpUrl: 'https://example.com/',
    });
  });

  it('still takes an application as a callback', () => {
    expect(update({ voiceCallbackType: 'app', voiceCallbackValue: APP })).toEqual({ ...NO_SETTINGS, app_id: APP });
  });

  it.each<Record<string, string>>([
    { voiceCallbackType: 'sip' },
    { voiceCallbackValue: 'sip:a@b' },
    { voiceCallbackType: 'vxml', voiceCallbackValue: 'x' },
    { voiceCallbackType: 'app', voiceCallbackValue: 'unknown' },
    { app_id: 'unknown' },
  ])('refuses %j', (form) => expect(update(form)).toBeUndefined());
});

describe('account/numbers', () => {
  const numbers = Array.from({ length: 25 }, (_, index) => number({ number: `+4477009000${10 + index}` }));
  const msisdns = (query: string) => {
    const page = numberPage(numbers, new URLSearchParams(query)) as { count?: number; numbers?: { msisdn: string }[] };
    return [page.count, page.numbers?.map(({ msisdn }) => msisdn.slice(-2))];
  };

  it('counts pages from 1, ten numbers each unless told otherwise', () => {
    expect(msisdns('')).toEqual([25, ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19']]);
    expect(msisdns('index=3')).toEqual([25, ['30', '31', '32', '33', '34']]);
    expect(msisdns('index=13&size=2')).toEqual([25, ['34']]);
    expect(msisdns('index=14&size=2')).toEqual([25, []]);
    expect(msisdns('index=0&size=0')).toEqual(msisdns(''));
  });

  it('has no members without a hit', () => {
    expect(numberPage(numbers, new URLSearchParams('pattern=1'))).toEqual({});
    expect(numberPage([], new URLSearchParams())).toEqual({});
  });
});
