import { Request } from 'express';
import { VendorRequest } from './vendor';

/**
 * Reads an Express request whose body was taken as text.
 * @param mount the path that is the simulator's own, in front of the vendor's
 */
export function toVendorRequest(req: Request, mount = ''): VendorRequest {
  const url = new URL(req.originalUrl.slice(mount.length), 'http://simulator');
  const body = typeof req.body === 'string' ? req.body : '';
  const isForm = req.is('application/x-www-form-urlencoded') !== false && body !== '';
  const isJson = req.is(['application/json', '+json']) !== false && body !== '';
  return {
    method: req.method,
    path: url.pathname,
    params: Object.fromEntries(Object.entries(req.params).map(([name, value]) => [name, String(value)])),
    query: url.searchParams,
    form: new URLSearchParams(isForm ? body : ''),
    json: isJson ? jsonOf(body) : undefined,
    text: body,
    header: (name) => req.get(name),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
