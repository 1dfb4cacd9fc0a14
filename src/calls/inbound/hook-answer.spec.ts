import { readHookAnswer } from './hook-answer';

const OTHER = 'agent_01k3y7m2n4p6q8r0s2t4v6w8x0';
const BAD = { kind: 'normal', fault: 'bad_answer' };

const read = (answer: unknown) => readHookAnswer(200, JSON.stringify(answer));
const variablesOf = (variables: unknown) => read({ action: 'connect', variables });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, index]));

describe('readHookAnswer', () => {
  it('takes 204 and an empty object for the usual route', () => {
    expect(readHookAnswer(204, '')).toEqual({ kind: 'normal', fault: null });
    expect(readHookAnswer(200, ' {} \n')).toEqual({ kind: 'normal', fault: null });
  });

  it('connects, to another agent and with variables where they are given', () => {
    expect(read({ action: 'connect' })).toEqual({ kind: 'connect', agentId: null, variables: {} });
    expect(read({ action: 'connect', agent_id: null, variables: null })).toEqual({
      kind: 'connect',
      agentId: null,
      variables: {},
    });
    expect(readHookAnswer(201, JSON.stringify({ action: 'connect', agent_id: OTHER }))).toMatchObject({
      agentId: OTHER,
    });
  });

  it('makes texts of variables', () => {
    const variables = { name: 'Zoë "Z" <z@example.com>', empty: '', VIP_1: true, no: false, balance: -12.5, n: 0 };
    expect(variablesOf(variables)).toMatchObject({
      variables: {
        name: 'Zoë "Z" <z@example.com>',
        empty: '',
        VIP_1: 'true',
        no: 'false',
        balance: '-12.5',
        n: '0',
      },
    });
  });

  it('rejects', () => {
    expect(read({ action: 'reject' })).toEqual({ kind: 'reject', reason: 'rejected' });
    expect(read({ action: 'reject', reason: null })).toEqual({ kind: 'reject', reason: 'rejected' });
    expect(read({ action: 'reject', reason: 'rejected' })).toEqual({ kind: 'reject', reason: 'rejected' });
    expect(read({ action: 'reject', reason: 'busy' })).toEqual({ kind: 'reject', reason: 'busy' });
  });

  it.each([100, 199, 300, 302, 401, 404, 500, 503])('follows no answer with status %d', (status) => {
    expect(readHookAnswer(status, '{"action":"reject"}')).toEqual({ kind: 'normal', fault: 'bad_status' });
  });

  it.each(['', 'ok', '{"action":"reject"', "{'action':'reject'}", '<Response/>', '\ufeff{}'])(
    'takes %j for no JSON',
    (text) => {
      expect(readHookAnswer(200, text)).toEqual({ kind: 'normal', fault: 'bad_json' });
    },
  );

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a text', 'reject'],
    ['no action', { reason: 'busy' }],
    ['an unknown action', { action: 'forward' }],
    ['an action in other letters', { action: 'Reject' }],
    ['an action that every object has', { action: 'toString' }],
    ['an unknown member', { action: 'connect', agentId: OTHER }],
    ["another action's member", { action: 'connect', reason: 'busy' }],
    ['variables of a rejected call', { action: 'reject', variables: {} }],
    ['an unknown reason', { action: 'reject', reason: 'tired' }],
    ['an agent that cannot be', { action: 'connect', agent_id: 'agent_one' }],
    ['an agent that is no text', { action: 'connect', agent_id: 7 }],
    ['an empty agent', { action: 'connect', agent_id: '' }],
  ])('refuses %s', (_what, answer) => {
    expect(read(answer)).toEqual(BAD);
  });

  it.each<[string, unknown]>([
    ['a list', ['x']],
    ['a text', 'x'],
    ['an object in an object', { user: { id: 1 } }],
    ['a list of values', { tags: ['a'] }],
    ['null as a value', { name: null }],
    ['an empty name', { '': 'x' }],
    ['a name with a hyphen', { 'first-name': 'x' }],
    ['a name with a letter outside ASCII', { größe: 'x' }],
    ['a name with a line break behind it', { 'name\n': 'x' }],
    ['a name of 65 characters', { ['x'.repeat(65)]: 'x' }],
    ['a text of 1,025 characters', { text: 'x'.repeat(1_025) }],
    ['51 of them', many(51)],
    ['call_id', { call_id: 'x' }],
    ['agent_id', { agent_id: 'x' }],
    ['from', { from: 'x' }],
    ['to', { to: 'x' }],
  ])('refuses %s for variables', (_what, variables) => {
    expect(variablesOf(variables)).toEqual(BAD);
  });

  it('refuses the name of a prototype, and a number that is none', () => {
    expect(readHookAnswer(200, '{"action":"connect","variables":{"__proto__":"x"}}')).toEqual(BAD);
    expect(readHookAnswer(200, '{"action":"connect","variables":{"n":1e999}}')).toEqual(BAD);
  });

  it('takes what is just within the limits', () => {
    const name = 'x'.repeat(64);
    expect(variablesOf({ [name]: 'x'.repeat(1_024) })).toMatchObject({ variables: { [name]: 'x'.repeat(1_024) } });
    expect(variablesOf(many(50))).toMatchObject({ kind: 'connect' });
  });
});
