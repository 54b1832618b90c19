import { scenes } from './scenes.ts';
import { makeSeries } from './series.ts';
import type { Part } from './side-by-side.ts';
import { openCluster } from './stage.ts';

// One process of several that play side by side, each on a PostgreSQL of its own: a part comes, its report goes back.
const cluster = openCluster();
const series = makeSeries();
let underWay: Promise<unknown> = cluster;

// Ctrl-C is heard by every process of a terminal: whoever has started us says when it is over, by hanging up.
process.on('SIGINT', () => {});
process.on('message', (part: Part) => {
  underWay = underWay.then(() => play(part));
});
process.once('disconnect', async () => {
  await underWay;
  await series.close();
  await (await cluster).stop();
});

async function play({ scene: name, ...of }: Part): Promise<void> {
  const scene = scenes.find((one) => one.name === name);
  if (!scene) throw new Error(`no scene is called ${name}: ${scenes.map((one) => one.name).join(', ')}`);
  const report = await series.play({ scene, ...of });
  if (process.connected) process.send?.(report);
}
