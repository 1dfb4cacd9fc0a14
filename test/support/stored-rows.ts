import { Database } from '../../src/database/database';
import type { TestApp } from './test-app';
import { untilPasses } from './until-passes';

const TABLES = [
  'account',
  'api_token',
  'agent',
  'provider_account',
  'provider_sync',
  'phone_number',
  'inbound_request',
] as const;

/**
 * All that the application has stored, table by table, once it has nothing left to do in the background: two equal ones
 * prove that nothing was written between them.
 */
export async function storedRows(app: TestApp): Promise<Record<string, string[]>> {
  const database = app.nest.get(Database, { strict: false });
  const read = (sql: string) => database.read((manager) => manager.query<object[]>(sql));
  await untilPasses(async () => {
    expect(await read('SELECT e164 FROM phone_number WHERE route_due_at IS NOT NULL')).toEqual([]);
  });
  const tables: Record<string, string[]> = {};
  for (const table of TABLES) {
    tables[table] = (await read(`SELECT * FROM ${table}`)).map((row) => JSON.stringify(row)).sort();
  }
  return tables;
}
