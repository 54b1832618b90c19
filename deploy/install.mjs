// Run before `npm start`, `npm test` and `npm run check` with whatever Node the machine has: plain JavaScript, without
// packages. Silent and quick where nothing is missing.
import { installBrowser } from './install/browser.mjs';
import { installPackages } from './install/packages.mjs';
import { Missing } from './install/step.mjs';

async function install() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 9)) {
    throw new Missing(`Florin needs Node 20.9 or newer, and this is ${process.versions.node}: see https://nodejs.org.`);
  }
  await installPackages();
  if (process.argv.includes('--browser')) await installBrowser();
}

install().catch((error) => {
  process.stderr.write(`${error instanceof Missing ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
