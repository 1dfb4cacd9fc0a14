import { startOrExit } from './config/start-or-exit';
import { startWorker } from './start-worker';
import { tuneHeap } from './tune-heap';

tuneHeap();
void startOrExit(startWorker);
