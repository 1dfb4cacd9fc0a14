import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { SanClient } from './san.client';
import { SanCredentials } from './san.credentials';

const FULL = {
  base_url: 'https://tenant.example.com/pbxadmin/sanpbxapi/',
  access_token: 'token-1',
  access_key: 'key-1',
};

function answering(status: number, json: unknown): VendorHttp & { readonly asked: VendorRequest[] } {
  const asked: VendorRequest[] = [];
  const response: VendorResponse = { status, headers: new Headers(), text: JSON.stringify(json), json };
  return { asked, send: (request) => Promise.resolve((asked.push(request), response)) };
}

const client = (credentials: Partial<SanCredentials>, http: VendorHttp) =>
  new SanClient(Object.assign(new SanCredentials(), credentials), http);

describe('SanClient', () => {
  it('proves the credentials by the token they give', async () => {
    const http = answering(200, { Apitoken: 'eyJ.x.y', expiry_time: 1764003600 });
    expect(await client(FULL, http).verify()).toEqual({ verified: true });
    expect(http.asked).toEqual([
      {
        method: 'POST',
        url: 'https://tenant.example.com/pbxadmin/sanpbxapi/gentoken',
        headers: { Accesstoken: 'token-1' },
        json: { access_key: 'key-1' },
        signal: undefined,
      },
    ]);
  });

  it('adds HTTP Basic where the tenant has it', async () => {
    const http = answering(200, { data: { Apitoken: 'eyJ.x.y' } });
    await client({ ...FULL, username: 'Aladdin', password: 'open sesame' }, http).verify();
    expect(http.asked[0]?.headers).toEqual({
      Accesstoken: 'token-1',
      Authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    });
  });

  it.each([
    [200, { status: 'failed', msg: 'Invalid access token' }],
    [200, { Apitoken: '' }],
    [200, undefined],
    [401, { Apitoken: 'eyJ.x.y' }],
  ])('takes %i %j for a refusal', async (status, body) => {
    await expect(client(FULL, answering(status, body)).verify()).rejects.toMatchObject({
      name: 'ProviderError',
      kind: 'credentials_rejected',
    });
  });

  it.each(['base_url', 'access_token', 'access_key'] as const)('proves nothing without %s', async (missing) => {
    const http = answering(200, { Apitoken: 'eyJ.x.y' });
    expect(await client({ ...FULL, [missing]: undefined }, http).verify()).toEqual({ verified: false });
    expect(http.asked).toEqual([]);
  });

  it('never pretends to have listed or routed', async () => {
    const san = client(FULL, answering(200, {}));
    const list = async () => {
      for await (const number of san.numbers()) throw new Error(`Listed ${number.phoneNumber}`);
    };
    for (const attempt of [list(), san.find(), san.readRoute(), san.route(), san.unroute()]) {
      const error: unknown = await attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ kind: 'permanent' });
    }
  });
});
