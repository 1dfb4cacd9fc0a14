import { VendorReply, VendorRequest } from '../core/vendor';
import { PlivoAccount } from './plivo.account';
import { applicationChange, applicationResource, PlivoApplication } from './plivo.application';
import { deleted, notFound, refusal, reply } from './plivo.errors';
import { flag, membersOf } from './plivo.input';
import { numberFilter, numberResource } from './plivo.number';
import { pageOf } from './plivo.page';

type Handler = (account: PlivoAccount, request: VendorRequest) => VendorReply;

const NO_BODY = 'the body must be a JSON object';

export const readAccount: Handler = (account) => reply(200, account.resource());

export const listNumbers: Handler = (account, request) =>
  pageOf(request, account.numbers().filter(numberFilter(request.query)), (number) =>
    numberResource(account.authId, number),
  );

export const readNumber: Handler = (account, { params }) => {
  const number = account.number(params.number ?? '');
  return number ? reply(200, numberResource(account.authId, number)) : notFound();
};

/**
 * "If not specified, the application selected as the default_number_app of the account is assigned"; that an empty `app_id`
 * assigns none, and that nothing changes where there is no default, is not documented.
 * https://www.plivo.com/docs/numbers/api/account-phone-number
 */
export const writeNumber: Handler = (account, request) => {
  const number = account.number(request.params.number ?? '');
  if (!number) return notFound();
  const sent = membersOf(request);
  if (!sent) return refusal(400, NO_BODY);
  const { app_id: appId = account.defaultNumberApp ?? number.app_id, alias } = sent;
  // An identifier that was sent as a number is another one: it has more digits than numbers hold.
  const isKnown = appId === null || appId === '' || (typeof appId === 'string' && account.application(appId));
  if (!isKnown) return refusal(400, { app_id: 'no such application' });
  if (alias !== undefined && alias !== null && typeof alias !== 'string')
    return refusal(400, { alias: 'must be text' });
  number.app_id = typeof appId === 'string' && appId !== '' ? appId : null;
  if (alias !== undefined) number.alias = alias;
  return reply(202, { message: 'changed' });
};

export const listApplications: Handler = (account, request) =>
  pageOf(request, account.applications(), (application) => resourceOf(account, application));

export const readApplication: Handler = (account, { params }) => {
  const application = account.application(params.application ?? '');
  return application ? reply(200, resourceOf(account, application)) : notFound();
};

export const createApplication: Handler = (account, request) => {
  const sent = membersOf(request);
  if (!sent) return refusal(400, NO_BODY);
  const parsed = applicationChange(sent);
  if ('fault' in parsed) return refusal(400, parsed.fault);
  const { app_name: name, answer_url: answerUrl } = parsed.change;
  if (name === undefined) return refusal(400, { app_name: 'This field is required.' });
  if (!answerUrl) return refusal(400, { answer_url: 'This field is required.' });
  if (account.applicationNamed(name)) return refusal(400, nameTaken(name));
  const { app_id: appId } = account.create({ ...parsed.change, app_name: name });
  account.setDefault(appId, flag(sent.default_number_app));
  return reply(201, { message: 'created', app_id: appId });
};

/** Only sent members change. */
export const updateApplication: Handler = (account, request) => {
  const application = account.application(request.params.application ?? '');
  if (!application) return notFound();
  const sent = membersOf(request);
  if (!sent) return refusal(400, NO_BODY);
  const parsed = applicationChange(sent);
  if ('fault' in parsed) return refusal(400, parsed.fault);
  const { app_name: name } = parsed.change;
  const namesake = name === undefined ? undefined : account.applicationNamed(name);
  if (name !== undefined && namesake && namesake !== application) return refusal(400, nameTaken(name));
  Object.assign(application, parsed.change);
  account.setDefault(application.app_id, flag(sent.default_number_app));
  return reply(202, { message: 'changed' });
};

export const deleteApplication: Handler = (account, { params }) =>
  account.remove(params.application ?? '') ? deleted() : notFound();

function resourceOf(account: PlivoAccount, application: PlivoApplication): Record<string, unknown> {
  return applicationResource(account.authId, application, account.defaultNumberApp === application.app_id);
}

function nameTaken(name: string): string {
  return `app_name ${name} is already in use`;
}
