// The consent page and the dashboard of hubspot-mock in Chromium, without a window.
//
// In: HUBSPOT_MOCK and CHROMIUM, the programs. Out: one named test for each walk, and screenshots in screenshots/.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import hubspotClient from '@hubspot/api-client';
import {
  chooseAccount, openBrowser, scopes, shoot, text, visit,
} from './browser.mjs';
import { startMock } from './mock.mjs';
import { OAUTH_APP, SEED, TOKENS, installLink } from './setup.mjs';

let mock;
let browser;
let app;

before(async () => {
  app = await startApp();
  const seed = structuredClone(SEED);
  const registered = seed.apps.find(({ clientId }) => clientId === OAUTH_APP.clientId);
  registered.redirectUris = [app.redirectUri];
  mock = await startMock(seed);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await mock?.stop();
  app?.close();
});

/** The app that is installed: a page at its redirect URI, which keeps what it was called with. */
async function startApp() {
  const calls = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/callback') {
      calls.push(url.searchParams);
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>The app</title><h1>Back at the app</h1>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    redirectUri: `http://localhost:${server.address().port}/callback`,
    calls,
    close: () => server.close(),
  };
}

test('the user chooses an account, sees the scopes, grants them, and the app gets a code', async () => {
  const link = installLink(mock.url, { redirectUri: app.redirectUri, state: 'a b&c' });
  await visit(browser, link, async (page) => {
    await shoot(page, 'choose-account');
    const hubId = await chooseAccount(page);
    assert.match(await text(page, '#app'), /Witness app/);
    assert.deepEqual(await scopes(page, 'required'), ['crm.objects.contacts.read', 'oauth']);
    assert.deepEqual(await scopes(page, 'optional'), ['crm.objects.companies.read']);
    assert.equal(await text(page, '#redirect'), app.redirectUri);
    await shoot(page, 'consent');

    await Promise.all([page.waitForNavigation(), page.click('#grant')]);
    assert.equal(await text(page, 'h1'), 'Back at the app');
    const call = app.calls.pop();
    assert.equal(call.get('state'), 'a b&c');
    assert.equal(call.get('error'), null);

    const { oauth } = new hubspotClient.Client({ basePath: mock.url });
    const tokens = await oauth.tokensApi.create(
      'authorization_code', call.get('code'), app.redirectUri,
      OAUTH_APP.clientId, OAUTH_APP.clientSecret,
    );
    const info = await oauth.accessTokensApi.get(tokens.accessToken);
    assert.deepEqual(
      [...info.scopes].sort(),
      ['crm.objects.companies.read', 'crm.objects.contacts.read', 'oauth'],
    );
    assert.equal(String(info.hubId), hubId);
  });
});

test('the user denies, and the app is told so', async () => {
  const link = installLink(mock.url, { redirectUri: app.redirectUri, state: 'denied' });
  await visit(browser, link, async (page) => {
    await chooseAccount(page);
    await Promise.all([page.waitForNavigation(), page.click('#deny')]);
    const call = app.calls.pop();
    assert.equal(call.get('error'), 'access_denied');
    assert.ok(call.get('error_description'));
    assert.equal(call.get('state'), 'denied');
    assert.equal(call.get('code'), null);
  });
});

test('an answered page cannot be answered again', async () => {
  const link = installLink(mock.url, { redirectUri: app.redirectUri });
  await visit(browser, link, async (page) => {
    await chooseAccount(page);
    await Promise.all([page.waitForNavigation(), page.click('#grant')]);
    app.calls.pop();
    await page.goBack();
    await Promise.all([page.waitForNavigation(), page.click('#grant')]);
    assert.equal(app.calls.length, 0, 'the app is not called');
    assert.match(await text(page, 'h1'), /no longer valid/);
  });
});

test('a link whose scopes differ from the app stops with the differences', async () => {
  const link = installLink(mock.url, {
    redirectUri: app.redirectUri,
    scopes: ['oauth', 'crm.objects.companies.read'],
    optional: ['crm.objects.contacts.read'],
  });
  await visit(browser, link, async (page, answer) => {
    assert.equal(answer.status(), 400);
    const named = await page.$$eval('#differences li', (items) => items.map((item) => item.dataset.scope));
    assert.deepEqual(
      [...new Set(named)].sort(),
      ['crm.objects.companies.read', 'crm.objects.contacts.read'],
    );
    await shoot(page, 'scopes-differ');
    assert.equal(app.calls.length, 0);
  });
});

test('a redirect URI that differs by a slash stops without a redirect', async () => {
  const link = installLink(mock.url, { redirectUri: `${app.redirectUri}/` });
  await visit(browser, link, async (page, answer) => {
    assert.equal(answer.status(), 400);
    assert.equal(await text(page, '#asked'), `${app.redirectUri}/`);
    assert.equal(app.calls.length, 0);
    await shoot(page, 'redirect-differs');
  });
});

test('the dashboard shows records, tokens without their text, the journal, limits and faults', async () => {
  const client = (accessToken) => new hubspotClient.Client({ accessToken, basePath: mock.url }).crm;
  const hostile = '<img src=x onerror="document.title=1">';
  await client(TOKENS.everything).contacts.basicApi.create({
    properties: { email: 'shown@dashboard.example', firstname: hostile },
    associations: [],
  });
  await assert.rejects(client(TOKENS.contactsOnly).companies.basicApi.getPage(1));

  await visit(browser, mock.url, async (page) => {
    const journal = await page.$$eval('#journal tr[data-operation]', (rows) => (
      rows.map(({ dataset }) => `${dataset.operation} ${dataset.status}`)
    ));
    assert.ok(journal.includes('v3.contacts.create 201'), journal.join('\n'));
    assert.ok(journal.includes('v3.companies.list 403'), journal.join('\n'));
    const endings = await page.$$eval('#tokens tr[data-ending]', (rows) => (
      rows.map(({ dataset }) => dataset.ending)
    ));
    assert.ok(endings.includes(TOKENS.everything.slice(-4)));
    const html = await page.content();
    for (const token of Object.values(TOKENS)) {
      assert.ok(!html.includes(token), `the dashboard shows the token ${token}`);
    }
    assert.match(await text(page, '#limits'), /of \d+/);
    assert.ok(await text(page, '#faults'));
    await shoot(page, 'dashboard');

    await Promise.all([page.waitForNavigation(), page.click('#accounts tr[data-account="witness"] a[data-type="contacts"]')]);
    assert.match(await text(page, 'main'), /shown@dashboard\.example/);
    await shoot(page, 'records');
  });
});

test('pages fit a narrow screen', async () => {
  await visit(browser, mock.url, async (page) => {
    for (const width of [390, 768]) {
      await page.setViewport({ width, height: 844 });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wider <= 0, `at ${width} the dashboard is ${wider} pixels too wide`);
      await shoot(page, `dashboard-${width}`, false);
    }
  });
});
