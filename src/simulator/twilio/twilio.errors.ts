import { VendorReply } from '../core/vendor';

/** A refusal as Twilio's SDK reads it: https://www.twilio.com/docs/usage/twilios-response#error-and-status-codes */
export interface TwilioError {
  status: number;
  code: number;
  message: string;
}

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Authenticate',
  429: 'Too Many Requests',
  500: 'An internal server error has occurred',
  503: 'Service Unavailable',
};

/** The general error of a status: 401 is 20003, every other one is 20000 plus the status (20404, 20429, 20500). */
export function errorOfStatus(status: number, path: string): TwilioError {
  return {
    status,
    code: status === 401 ? 20003 : 20000 + status,
    message: status === 404 ? `The requested resource ${path} was not found` : (MESSAGES[status] ?? 'Request refused'),
  };
}

export function errorReply(error: TwilioError): VendorReply {
  return {
    status: error.status,
    headers: error.status === 401 ? { 'WWW-Authenticate': 'Basic realm="Twilio API"' } : {},
    body: {
      code: error.code,
      message: error.message,
      more_info: `https://www.twilio.com/docs/errors/${error.code}`,
      status: error.status,
    },
  };
}
