import { Metrics } from '../telemetry/metrics';
import { VendorMetrics } from './vendor-metrics';

describe('VendorMetrics', () => {
  it('times calls by provider, method and outcome', async () => {
    const metrics = new Metrics();
    const { observe } = new VendorMetrics(metrics);
    observe('twilio', 'GET', 'ok', 0.25);
    observe('twilio', 'GET', 'ok', 0.5);
    observe('san', 'POST', 'timeout', 8);
    const text = await metrics.text();
    const labels = 'provider="twilio",method="GET",outcome="ok"';
    expect(text).toContain(`provider_request_duration_seconds_count{${labels}} 2`);
    expect(text).toContain(`provider_request_duration_seconds_sum{${labels}} 0.75`);
    expect(text).toContain('provider_request_duration_seconds_count{provider="san",method="POST",outcome="timeout"} 1');
  });
});
