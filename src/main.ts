import { startOrExit } from './config/start-or-exit';
import { startServer } from './start-server';

void startOrExit(startServer);
