import { runDoor } from './run-door.ts';

await runDoor();
