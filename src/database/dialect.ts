import type { DatabaseConfig } from '../config/config';

/** The two dialects that every statement and migration is written for. */
export type Dialect = DatabaseConfig['kind'];
