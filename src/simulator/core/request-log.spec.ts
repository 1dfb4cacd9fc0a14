import { RequestLog } from './request-log';

describe('RequestLog', () => {
  it('keeps the newest entries and counts all', () => {
    const log = new RequestLog(2);
    log.begin('GET', '/a', 1)(200);
    log.begin('POST', '/b', 2)(500, 'refuse');
    log.begin('POST', '/c', 3);
    expect(log.read()).toEqual({
      total: 3,
      by_method: { GET: 1, POST: 2 },
      by_status: { 200: 1, 500: 1 },
      entries: [
        { method: 'POST', path: '/b', status: 500, at: 2, fault: 'refuse' },
        { method: 'POST', path: '/c', status: null, at: 3 },
      ],
    });
  });

  it('does not count an answer to a request from before the clearing', () => {
    const log = new RequestLog();
    const finish = log.begin('GET', '/slow', 1);
    log.clear();
    finish(200);
    expect(log.read()).toEqual({ total: 0, by_method: {}, by_status: {}, entries: [] });
  });
});
