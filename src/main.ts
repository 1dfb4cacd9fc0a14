import { startOrExit } from './config/start-or-exit';
import { startServer } from './start-server';
import { tuneHeap } from './tune-heap';

tuneHeap();
void startOrExit(startServer);
