// Page 10,000 of the number list against page 1, over a million rows.
import { apiOf, fillNumbers } from './attach-one.mjs';
import { median } from './support.mjs';

const ROWS = 1_000_000;
const PAGE = 100;
const DEEP_PAGE = 10_000;
const TIMES = 300;

export async function listPages({ database, service, token, accountId }) {
  const api = apiOf(service.url, token);
  await fillNumbers(database.url, accountId, ROWS);
  const first = `/api/phone-number?limit=${PAGE}`;
  let cursor = null;
  for (let page = 1; page < DEEP_PAGE; page++) {
    cursor = (await api('GET', cursor ? `${first}&cursor=${cursor}` : first)).next_cursor;
  }
  const deep = `${first}&cursor=${cursor}`;
  const { items } = await api('GET', deep);
  const times = { first: [], deep: [] };
  for (let turn = 0; turn < TIMES; turn++) {
    for (const [name, path] of [
      ['first', first],
      ['deep', deep],
    ]) {
      const startedAt = performance.now();
      await api('GET', path);
      times[name].push(performance.now() - startedAt);
    }
  }
  return {
    rows: ROWS,
    items_on_deep_page: items.length,
    first_ms: Number(median(times.first).toFixed(2)),
    deep_ms: Number(median(times.deep).toFixed(2)),
    ratio: Number((median(times.deep) / median(times.first)).toFixed(3)),
  };
}
