import { type Browser, chromium, type Page } from 'playwright-core';
import { createAgent } from '../factories/agent.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectEnvelope } from '../support/envelope';
import { PATIENT } from '../support/patient';
import { startTestApp, type TestApp } from '../support/test-app';

jest.setTimeout(60_000);

const CHROMIUM = process.env.CHROMIUM_PATH || '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('Swagger UI in a browser', () => {
  let app: TestApp;
  let browser: Browser;
  let page: Page;
  /** What went wrong in the page, and what it asked of others than us. */
  const faults: string[] = [];

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${app.url}/`) && !url.startsWith('data:')) faults.push(`asked for ${url}`);
    });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it('authorizes, executes attach-phone-number and shows the answer', async () => {
    const { token } = await app.createToken();
    const api = app.api(token);
    await configureProvider(api, 'twilio');
    const { agent_id } = await createAgent(api);

    await page.goto(`${app.url}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    const scheme = dialog.locator('.auth-container').filter({ has: page.locator('code', { hasText: /^token$/ }) });
    await scheme.locator('input').fill(token);
    await scheme.getByRole('button', { name: 'Apply credentials' }).click();
    await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();

    const operation = page.locator('.opblock').filter({ hasText: '/api/agent/attach-phone-number' });
    await operation.locator('.opblock-summary').click();
    const body = operation.locator('textarea.body-param__text');
    await body.fill(JSON.stringify({ agent_id, provider: 'twilio', numbers: ['+12025551234'] }));
    await operation.getByRole('button', { name: 'Execute' }).click();

    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect((await answer.locator('.response-col_status').innerText()).trim()).toMatch(/^200\b/);
    const shown = await answer.locator('.response-col_description').innerText();
    expect(shown).toContain('Phone number(s) attached successfully');
    expect(shown).toContain('"status": "active"');

    const { items } = expectEnvelope((await api.get('/api/phone-number')).body, 200);
    expect(items).toMatchObject([{ phone_number: '+12025551234', agent_id, status: 'active' }]);
    expect(faults).toEqual([]);
  });

  it('shows the documented errors by name', async () => {
    const operation = page.locator('.opblock').filter({ hasText: '/api/agent/attach-phone-number' });
    const conflict = operation.locator('tr.response[data-code="409"]');
    await conflict.scrollIntoViewIfNeeded();
    expect(await conflict.innerText()).toContain('NUMBER_ALREADY_ATTACHED');
    expect(await conflict.innerText()).toContain('Phone number is already attached to another agent');
  });
});
