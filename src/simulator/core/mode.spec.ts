import { BadInput } from './input';
import { ModeSwitch, parseMode } from './mode';

describe('ModeSwitch', () => {
  const modeSwitch = (input: unknown) => {
    const made = new ModeSwitch();
    made.set(parseMode(input));
    return made;
  };

  it('treats requests ordinarily until a mode is set', () => {
    expect(new ModeSwitch().next('write')).toMatchObject({ latencyMs: 0, fault: 'none' });
  });

  it('fails a number of requests and is then good again, still slow', () => {
    const mode = modeSwitch({ fail_status: 503, fail_count: 2, retry_after_s: 7, latency_ms: 40 });
    expect(mode.next('read')).toEqual({ latencyMs: 40, fault: 'refuse', status: 503, retryAfterS: 7 });
    expect(mode.next('read').fault).toBe('refuse');
    expect(mode.next('read')).toMatchObject({ latencyMs: 40, fault: 'none' });
    expect(mode.current().faults_left).toBe(0);
  });

  it('fails without end when no count is given', () => {
    const mode = modeSwitch({ fail_status: 500 });
    expect(Array.from({ length: 50 }, () => mode.next('write').fault)).toEqual(Array(50).fill('refuse'));
    expect(mode.current().faults_left).toBe('endless');
  });

  it('counts only the requests it is meant for', () => {
    const mode = modeSwitch({ fail_count: 1, latency_ms: 5, only: 'write' });
    expect(mode.next('read')).toMatchObject({ latencyMs: 0, fault: 'none' });
    expect(mode.next('write')).toMatchObject({ latencyMs: 5, fault: 'refuse', status: 500 });
    expect(mode.next('write').fault).toBe('none');
  });

  it.each([
    [{ hang: true }, 'hang'],
    [{ apply_then_fail: true }, 'apply_then_fail'],
    [{ apply_then_fail: true, hang: true }, 'apply_then_hang'],
    [{ latency_ms: 10 }, 'none'],
  ])('%j makes the fault %s', (input, fault) => {
    expect(modeSwitch(input).next('write').fault).toBe(fault);
  });

  it('is ordinary again once cleared', () => {
    const mode = modeSwitch({ hang: true, latency_ms: 10 });
    mode.clear();
    expect(mode.next('write')).toMatchObject({ latencyMs: 0, fault: 'none' });
  });

  it.each([
    [{ latencyms: 1 }],
    [{ fail_status: 200 }],
    [{ fail_count: 0 }],
    [{ only: 'delete' }],
    [{ hang: 'yes' }],
    [[]],
  ])('refuses %j', (input) => {
    expect(() => parseMode(input)).toThrow(BadInput);
  });
});
