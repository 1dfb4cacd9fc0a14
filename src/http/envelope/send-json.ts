import type { Response } from 'express';

/** Sends a body with the status that the response has; `response.json` would look up settings that are all off. */
export function sendJson(response: Response, body: object): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}
