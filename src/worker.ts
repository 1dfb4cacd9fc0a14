import { startOrExit } from './config/start-or-exit';
import { startWorker } from './start-worker';

void startOrExit(startWorker);
