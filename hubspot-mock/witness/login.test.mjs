// `cargo hubspot login` with a user in Chromium: from the install link over the consent page to the callback page.
//
// In: HUBSPOT_MOCK, CARGO_HUBSPOT and CHROMIUM, the programs. Out: one named test for each walk, and screenshots in
// screenshots/.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { after, before, test } from 'node:test';

import { chooseAccount, openBrowser, scopes, shoot, text, visit } from './browser.mjs';
import { startMock } from './mock.mjs';
import { OAUTH_APP, SEED } from './setup.mjs';

let mock;
let browser;
let project;
let redirectUri;

before(async () => {
  redirectUri = `http://localhost:${await freePort()}/callback`;
  const seed = structuredClone(SEED);
  const registered = seed.apps.find(({ clientId }) => clientId === OAUTH_APP.clientId);
  registered.redirectUris = [redirectUri];
  mock = await startMock(seed);
  browser = await openBrowser();
  project = await mkdtemp(join(tmpdir(), 'hubspot-login-'));
  await mkdir(join(project, 'src/app'), { recursive: true });
  await writeFile(join(project, 'src/app/app-hsmeta.json'), JSON.stringify({
    uid: OAUTH_APP.clientId,
    type: 'app',
    config: {
      auth: {
        type: 'oauth',
        redirectUrls: [redirectUri],
        requiredScopes: registered.requiredScopes,
        optionalScopes: registered.optionalScopes,
      },
    },
  }));
});

after(async () => {
  await browser?.close();
  await mock?.stop();
  if (project) {
    await rm(project, { recursive: true, force: true });
  }
});

/** A port that nothing listens at. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the command; gives the address that it prints, and how it ends. */
async function startLogin() {
  const child = spawn(process.env.CARGO_HUBSPOT, [
    'hubspot', 'login', '--no-browser', '--client-id', OAUTH_APP.clientId, '--hubspot', mock.url,
    '--store', 'tokens.json', '--key-file', 'token.key',
  ], {
    cwd: project,
    env: { ...process.env, HUBSPOT_CLIENT_SECRET: OAUTH_APP.clientSecret },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const status = new Promise((resolve) => child.on('close', resolve));
  const error = readAll(child.stderr);
  let output = '';
  const address = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (part) => {
      output += part;
      const printed = output.match(/^Open in a browser: (\S+)\n/);
      if (printed) {
        resolve(printed[1]);
      }
    });
    child.on('close', () => error.then((reason) => reject(new Error(reason))));
  });
  return {
    address,
    end: async () => ({ status: await status, output, error: await error }),
  };
}

test('the user grants, sees that the app is connected, and the tokens are kept', async () => {
  const login = await startLogin();
  let hubId;
  await visit(browser, login.address, async (page) => {
    hubId = await chooseAccount(page);
    assert.deepEqual(await scopes(page, 'required'), ['crm.objects.contacts.read', 'oauth']);
    await Promise.all([page.waitForNavigation(), page.click('#grant')]);
    assert.equal(page.url().split('?')[0], redirectUri);
    assert.equal(await text(page, 'h1'), 'Connected');
    assert.match(await text(page, 'main'), new RegExp(hubId));
    await shoot(page, 'login-connected');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await shoot(page, 'login-connected-dark');
  });
  const { status, output, error } = await login.end();
  assert.equal(error, '');
  assert.equal(status, 0);
  assert.match(output, new RegExp(`Account ${hubId} is connected\\.`));
  assert.match(output, /granted: crm\.objects\.companies\.read, crm\.objects\.contacts\.read, oauth/);
  assert.deepEqual(Object.keys(JSON.parse(await readFile(join(project, 'tokens.json'))).records), [hubId]);
});

test('the user denies, and sees that nothing has changed', async () => {
  const before = await readFile(join(project, 'tokens.json'));
  const login = await startLogin();
  await visit(browser, login.address, async (page) => {
    await chooseAccount(page);
    await Promise.all([page.waitForNavigation(), page.click('#deny')]);
    assert.equal(await text(page, 'h1'), 'Not connected');
    assert.match(await text(page, 'main'), /did not grant/);
    await shoot(page, 'login-denied');
  });
  const { status, error } = await login.end();
  assert.equal(status, 2);
  assert.match(error, /the app was not connected/);
  assert.deepEqual(await readFile(join(project, 'tokens.json')), before);
});
