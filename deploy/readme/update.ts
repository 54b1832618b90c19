import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeScreenshots } from '#e2e/screenshots.ts';
import { withDiagram } from './diagram.ts';

/** `npm run readme`: the diagram from the table of moves, the screenshots from the product as it runs. */
const readme = join(import.meta.dirname, '../../README.md');
writeFileSync(readme, withDiagram(readFileSync(readme, 'utf8')));
await takeScreenshots(import.meta.dirname);
