import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquirerNames, type Plan, urlsOf } from './processes.ts';

/** What people's scripts and tests need to know of a running product. */
export type Ready = ReturnType<typeof readyOf>;

export function readyOf({ ports, secrets, folder }: Plan) {
  const urls = urlsOf(ports);
  return {
    pid: process.pid,
    folder: folder.path,
    urls: {
      web: urls.web,
      shop: `${urls.web}/shop`,
      console: `${urls.web}/admin`,
      vault: urls.vault,
      api: urls.api,
      worker: urls.worker,
    },
    /** The demo shop's: `POST <url>/levers` makes it fail, `DELETE` ends that. */
    warehouse: { url: `${urls.web}/shop/warehouse`, key: secrets.shopWarehouseKey },
    merchant: { name: 'Harbour Goods', currency: 'EUR', secretKey: secrets.shopSecretKey },
    sandboxes: acquirerNames.map((name) => ({
      name,
      url: urls[name],
      books: `${urls[name]}/books`,
      levers: `${urls[name]}/levers`,
      key: secrets[`${name}Key`],
    })),
    logins: [
      { role: 'owner', email: 'owner@harbour.test', password: secrets.ownerPassword },
      { role: 'finance', email: 'finance@harbour.test', password: secrets.financePassword },
      { role: 'support', email: 'support@harbour.test', password: secrets.supportPassword },
    ],
  };
}

/** Writes `ready.json`, whole or not at all and for its owner alone; it goes when the product stops. */
export function announce(folder: string, ready: Ready): Disposable {
  const file = join(folder, 'ready.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}
