import { type MigrationInterface, type QueryRunner, Table, TableColumn, TableIndex } from 'typeorm';
import { columnsOf } from './columns-of';

const TABLE = 'phone_number';
const INDEX = new TableIndex({ name: 'ix_phone_number_route_check', columnNames: ['route_check_at'] });

/** Settled routes are read again at the provider from time to time; those that there are become due at once. */
export class AddRouteCheck1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const table = (await runner.getTable(TABLE)) ?? new Table({ name: TABLE });
    if (!table.findColumnByName('route_check_at')) {
      const { name, ...column } = columnsOf(runner).time('route_check_at', { isNullable: true });
      await runner.addColumn(table, new TableColumn({ name, ...column }));
    }
    if (!table.indices.some(({ name }) => name === INDEX.name)) await runner.createIndex(table, INDEX);
    await runner.query("UPDATE phone_number SET route_check_at = 0 WHERE status = 'active' AND route_url IS NOT NULL");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(TABLE, INDEX);
    await runner.dropColumn(TABLE, 'route_check_at');
  }
}
