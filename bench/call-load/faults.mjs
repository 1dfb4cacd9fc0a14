const EVENTS = 'call.initiated call.answered call.ended';

/** Everything that is not as it should be when all calls have ended and everybody has been told, a sentence each. */
export async function faultsOf({ sql, calls, receiver, agentIds, isTold }) {
  return [
    ...calls.flatMap(({ sid, faults }) => faults.map((fault) => `Call ${sid} ${fault}`)),
    ...limitFaults(calls),
    ...(await rowFaults({ sql, calls, receiver, agentIds, isTold })),
    ...(await slotFaults(sql)),
    ...(await outboxFaults(sql, isTold ? 3 * calls.length : 0)),
    ...receiver.strays.map((type) => `The receiver was told ${type}, which is of no call`),
  ];
}

/** By what can be known from outside: a slot is held at least from the answer to the end's sending, and at most from the question to the end's taking. */
function limitFaults(calls) {
  const limits = new Map(calls.filter(({ limit }) => limit !== null).map(({ to, limit }) => [to, limit]));
  return [...limits].flatMap(([number, limit]) => {
    const called = calls.filter(({ to }) => to === number);
    const connected = called.filter(({ answer }) => answer === 'stream');
    const at = (time) => connected.filter((call) => call.answeredAt <= time && time < call.endSentAt).length;
    const over = connected.filter((call) => at(call.answeredAt) > limit);
    const during = (one) => connected.filter((call) => call.sentAt < one.answeredAt && call.endTakenAt > one.sentAt);
    const denied = called.filter((call) => call.answer === 'fallback' && during(call).length < limit);
    return [
      ...over.map(({ sid }) => `Call ${sid} to ${number} was connected over the limit of ${limit}`),
      ...denied.map(({ sid }) => `Call ${sid} to ${number} was not connected, though there was a slot`),
    ];
  });
}

async function rowFaults({ sql, calls, receiver, agentIds, isTold }) {
  const [rows] = await sql.query(
    `SELECT provider_call_id AS sid, call_id AS callId, agent_id AS agentId, e164, status, answered_at AS answeredAt,
       ended_at AS endedAt, duration_s AS durationS, holds_slot AS holdsSlot, check_at AS checkAt FROM phone_call`,
  );
  const stored = new Map(rows.map((row) => [row.sid, row]));
  const faults = rows.length === calls.length ? [] : [`There are ${rows.length} rows of ${calls.length} calls`];
  for (const call of calls) {
    const row = stored.get(call.sid);
    const found = row ? [...faultsOfRow(call, row)] : ['has no row'];
    if (row && isTold) found.push(...faultsOfEvents(row, receiver.byCall.get(row.callId) ?? [], agentIds));
    faults.push(...found.map((fault) => `Call ${call.sid} ${fault}`));
  }
  return faults;
}

function* faultsOfRow(call, row) {
  if (call.callId !== null && call.callId !== row.callId) yield `was answered as ${call.callId} and is ${row.callId}`;
  if (row.e164 !== call.to) yield `went to ${row.e164} and not to ${call.to}`;
  if (row.status !== 'completed' || row.endedAt === null || row.answeredAt === null) yield `is ${row.status}`;
  if (row.durationS !== call.durationS) yield `took ${call.durationS} s and is noted with ${row.durationS}`;
  if (row.holdsSlot) yield 'still holds a slot';
  if (row.checkAt !== null) yield 'is still to be looked after';
}

function* faultsOfEvents({ agentId }, told, agentIds) {
  const types = told.map(({ type }) => type).join(' ');
  if (types !== EVENTS) yield `was told of as: ${types || 'nothing'}`;
  if (told.some((one) => one.agentId !== agentId || agentIds[one.agentIndex] !== agentId)) {
    yield 'was told to another agent than its own';
  }
}

async function slotFaults(sql) {
  const [rows] = await sql.query('SELECT e164, active_calls AS active FROM phone_number WHERE active_calls <> 0');
  return rows.map(({ e164, active }) => `${e164} has ${active} calls under way, and there are none`);
}

async function outboxFaults(sql, wanted) {
  const [rows] = await sql.query('SELECT state, COUNT(*) AS count FROM outbox_message GROUP BY state');
  const delivered = rows.find(({ state }) => state === 'delivered')?.count ?? 0;
  const others = rows.filter(({ state }) => state !== 'delivered');
  return [
    ...(delivered === wanted ? [] : [`${delivered} messages are delivered, of ${wanted}`]),
    ...others.map(({ state, count }) => `${count} messages are ${state}`),
  ];
}
