// Starts a MariaDB of its own for own-mariadb.ts, and stops it when that one is gone.
import { findMariadb, startMariadb } from '../../scripts/mariadb.mjs';

const { url, stop } = await startMariadb();
process.once('disconnect', () => void stop());
process.send({ url, program: findMariadb().server });
