import { indianTrunkForm } from './indian-number';

describe('indianTrunkForm', () => {
  it('puts the trunk prefix in place of the calling code', () => {
    expect(indianTrunkForm('+919876543210')).toBe('09876543210');
    expect(indianTrunkForm('+918062810341')).toBe('08062810341');
  });

  it('has none for other countries', () => {
    expect(indianTrunkForm('+14155550123')).toBeNull();
    expect(indianTrunkForm('+9607771234')).toBeNull();
  });
});
