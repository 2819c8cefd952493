// Makes many calls at once with HubSpot's client for Node and its own limiter, and prints how many fail:
// load.mjs updates|searches CALLS AT_ONCE URL TOKEN ID

import { Client } from '@hubspot/api-client';

const [what, calls, atOnce, basePath, accessToken, id] = process.argv.slice(2);
const { contacts } = new Client({ accessToken, basePath, numberOfApiCallRetries: 3 }).crm;
const call = {
  updates: (n) => contacts.basicApi.update(id, { properties: { firstname: String(n) } }),
  searches: () => contacts.searchApi.doSearch({ limit: 10 }),
}[what];

let [next, failed] = [0, 0];
const worker = async () => {
  while (next < Number(calls)) {
    next += 1;
    await call(next).catch(() => {
      failed += 1;
    });
  }
};
await Promise.all(Array.from({ length: Number(atOnce) }, worker));
console.log(failed);
process.exit(0);
