import type { TableColumnOptions } from 'typeorm';
import { ID_LENGTH } from '../common/ids';
import type { Dialect } from './dialect';

type Column = Omit<TableColumnOptions, 'name' | 'type'>;

/** Column kinds of the migrations, so that both dialects store the same thing under the same rules. */
export class Columns {
  constructor(private readonly dialect: Dialect) {}

  /** Text of ASCII only, compared byte by byte: identifiers, E.164 numbers, words of a closed set. */
  ascii(name: string, length: number, column: Column = {}): TableColumnOptions {
    const binary = this.dialect === 'mysql' ? { charset: 'ascii', collation: 'ascii_bin' } : {};
    return { name, type: 'varchar', length: String(length), ...binary, ...column };
  }

  id(name: string, column: Column = {}): TableColumnOptions {
    return this.ascii(name, ID_LENGTH, column);
  }

  /** Text of any script, up to `length` characters. */
  string(name: string, length: number, column: Column = {}): TableColumnOptions {
    return { name, type: 'varchar', length: String(length), ...this.utf8(), ...column };
  }

  /** Long text: 65,535 bytes on MySQL. */
  text(name: string, column: Column = {}): TableColumnOptions {
    return { name, type: 'text', ...this.utf8(), ...column };
  }

  json(name: string, column: Column = {}): TableColumnOptions {
    return { name, type: 'json', ...column };
  }

  integer(name: string, column: Column = {}): TableColumnOptions {
    return { name, type: this.dialect === 'mysql' ? 'int' : 'integer', ...column };
  }

  /** A point in time: Unix milliseconds. */
  time(name: string, column: Column = {}): TableColumnOptions {
    return { name, type: 'bigint', ...column };
  }

  boolean(name: string, column: Column = {}): TableColumnOptions {
    return { name, type: this.dialect === 'mysql' ? 'tinyint' : 'boolean', ...column };
  }

  private utf8(): Column {
    return this.dialect === 'mysql' ? { charset: 'utf8mb4', collation: 'utf8mb4_bin' } : {};
  }
}
