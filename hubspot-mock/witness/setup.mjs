// What the witnesses find in hubspot-mock when it starts, and how an app is installed there.
//
// In: seed.json. Out: its tokens and its app by name, and a way through the consent page without a browser. Refuses
// nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The seed of every witness. */
export const SEED = JSON.parse(readFileSync(new URL('seed.json', import.meta.url)));

/** Static tokens: with every scope, with those of contacts only, in a crowded account, in one with narrow limits. */
export const TOKENS = {
  everything: 'witness-everything',
  contactsOnly: 'witness-contacts-only',
  crowd: 'witness-crowd',
  limited: 'witness-limited',
};

/** The OAuth app. */
export const OAUTH_APP = { clientId: 'witness-app', clientSecret: 'witness-secret' };

/** Where the app is sent back to; nothing listens there in the test of the client. */
export const CALLBACK = 'http://localhost:8976/callback';

/** Grants the app what its install link asks for, as a browser would, and returns the code. */
export async function authorize(url, state = 'of-the-session') {
  const choice = await (await fetch(installLink(url, { state }))).text();
  const account = choice.match(/href="(\/oauth\/\d+\/authorize[^"]*)"/)[1].replaceAll('&amp;', '&');
  const consent = new URL(account, url);
  const page = await (await fetch(consent)).text();
  const [, nonce] = page.match(/name="nonce" value="([^"]*)"/);
  const body = new URLSearchParams({ nonce, decision: 'grant' });
  const answer = await fetch(consent, { method: 'POST', body, redirect: 'manual' });
  assert.equal(answer.status, 302);
  const back = new URL(answer.headers.get('location'));
  assert.equal(back.origin + back.pathname, CALLBACK);
  assert.equal(back.searchParams.get('state'), state);
  return back.searchParams.get('code');
}

/** The app's install link at hubspot-mock. */
export function installLink(url, { redirectUri = CALLBACK, state, scopes, optional } = {}) {
  const link = new URL('/oauth/authorize', url);
  link.searchParams.set('client_id', OAUTH_APP.clientId);
  link.searchParams.set('redirect_uri', redirectUri);
  link.searchParams.set('scope', (scopes ?? ['oauth', 'crm.objects.contacts.read']).join(' '));
  link.searchParams.set('optional_scope', (optional ?? ['crm.objects.companies.read']).join(' '));
  if (state) {
    link.searchParams.set('state', state);
  }
  return link;
}
