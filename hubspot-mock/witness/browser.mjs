// Chromium without a window, and the moves of a user that several walks share.
//
// In: CHROMIUM, the program. Out: a browser, pages in it, and screenshots in screenshots/. Refuses: a page that throws, or
// that asks for something that does not load.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';

import puppeteer from 'puppeteer-core';

/** Starts the browser. */
export async function openBrowser() {
  await mkdir('screenshots', { recursive: true });
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    // There is no sandbox for root, and nothing but our own pages is opened.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--hide-scrollbars'],
  });
}

/** Opens `url` in a page of its own, and lets `walk` go on from there. */
export async function visit(browser, url, walk) {
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('requestfailed', (request) => faults.push(`${request.url()} was not loaded`));
  await page.setViewport({ width: 1100, height: 800, deviceScaleFactor: 1 });
  try {
    const answer = await page.goto(url.toString());
    await walk(page, answer);
    assert.deepEqual(faults, []);
  } finally {
    await page.close();
  }
}

/** Takes a picture of a page. */
export const shoot = (page, name, fullPage = true) => (
  page.screenshot({ path: `screenshots/${name}.png`, fullPage })
);
/** The text of an element as it shows. */
export const text = (page, selector) => page.$eval(selector, (element) => element.innerText);
/** The scopes of a kind on the consent page. */
export const scopes = (page, kind) => page.$$eval(
  `#scopes [data-kind="${kind}"]`,
  (items) => items.map((item) => item.dataset.scope),
);

/** Chooses the witness's account on the page that asks for one, and returns its id. */
export async function chooseAccount(page) {
  const account = await page.$('#accounts ::-p-text(witness)');
  const hubId = await account.evaluate((element) => element.closest('a').dataset.hubId);
  await Promise.all([page.waitForNavigation(), account.click()]);
  return hubId;
}
