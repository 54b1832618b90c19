import { scenes } from './scenes.ts';
import { playSeries } from './series.ts';
import type { Part } from './side-by-side.ts';
import { openCluster } from './stage.ts';

// One process of several that play side by side, each on a PostgreSQL of its own.
const said = Promise.withResolvers<Part[]>();
process.once('message', (parts: Part[]) => said.resolve(parts));
const cluster = await openCluster();
const reports = await playSeries(
  (await said.promise).map(({ scene: name, ...rest }) => {
    const scene = scenes.find((one) => one.name === name);
    if (!scene) throw new Error(`no scene is called ${name}: ${scenes.map((one) => one.name).join(', ')}`);
    return { scene, ...rest };
  }),
);
await cluster.stop();
await new Promise((sent) => process.send?.(reports, sent));
process.disconnect();
