// HubSpot's official Node client against hubspot-mock.
//
// In: HUBSPOT_MOCK, the program. Out: one named test for each behaviour. The client is written by others: where it
// disagrees with hubspot-mock, hubspot-mock is wrong until shown otherwise.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import hubspotClient from '@hubspot/api-client';

import { startMock } from './mock.mjs';
import { CALLBACK, OAUTH_APP, SEED, TOKENS, authorize } from './setup.mjs';

const { Client } = hubspotClient;
const TYPES = hubspotClient.AssociationTypes;

let mock;
before(async () => {
  mock = await startMock(SEED);
});
after(() => mock.stop());

/** A client with a token of the witness's account; the client's own pacing would only slow the run. */
function clientWith(accessToken, options = {}) {
  const unpaced = { minTime: 0, maxConcurrent: 50 };
  return new Client({ accessToken, basePath: mock.url, limiterOptions: unpaced, ...options });
}

/** The error that `call` ends with; its body is HubSpot's. */
async function failure(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return assert.fail('the call should have failed');
}

const everything = () => clientWith(TOKENS.everything).crm;

test('a contact is created, read by id and by e-mail address, and updated', async () => {
  const { contacts } = everything();
  const created = await contacts.basicApi.create({
    properties: { email: 'ada@lovelace.example', firstname: 'Ada' },
    associations: [],
  });
  assert.match(created.id, /^\d+$/);
  assert.equal(created.properties.firstname, 'Ada');
  assert.ok(created.createdAt instanceof Date && !Number.isNaN(created.createdAt.valueOf()));

  const properties = ['email', 'firstname', 'lastname'];
  const byId = await contacts.basicApi.getById(created.id, properties);
  assert.equal(byId.properties.email, 'ada@lovelace.example');
  assert.equal(byId.properties.lastname, null);
  assert.equal(byId.archived, false);

  const byEmail = await contacts.basicApi.getById(
    'ada@lovelace.example', properties, undefined, undefined, false, 'email',
  );
  assert.equal(byEmail.id, created.id);

  const updated = await contacts.basicApi.update(created.id, {
    properties: { lastname: 'Lovelace', firstname: '' },
  });
  assert.equal(updated.id, created.id);
  const again = await contacts.basicApi.getById(created.id, properties, ['lastname']);
  assert.equal(again.properties.lastname, 'Lovelace');
  assert.ok(!again.properties.firstname, 'an empty text clears a property');
  assert.equal(again.propertiesWithHistory.lastname[0].value, 'Lovelace');
});

test('companies and line items are created, listed and updated', async () => {
  const { companies, lineItems } = everything();
  const company = await companies.basicApi.create({
    properties: { name: 'Analytical Engines', domain: 'engines.example' },
  });
  const page = await companies.basicApi.getPage(10, undefined, ['name', 'domain']);
  const listed = page.results.find(({ id }) => id === company.id);
  assert.equal(listed.properties.domain, 'engines.example');

  const item = await lineItems.basicApi.create({
    properties: { name: 'Engine', quantity: '2', price: '4800' },
  });
  await lineItems.basicApi.update(item.id, { properties: { quantity: '3' } });
  const read = await lineItems.basicApi.getById(item.id, ['quantity']);
  assert.equal(read.properties.quantity, '3');
});

test('an unknown property is refused with its name', async () => {
  const { contacts } = everything();
  const error = await failure(
    contacts.basicApi.create({ properties: { email: 'b@c.example', favourite_engine: 'difference' } }),
  );
  assert.equal(error.code, 400);
  assert.equal(error.body.category, 'VALIDATION_ERROR');
  assert.match(JSON.stringify(error.body), /favourite_engine/);
  assert.match(error.body.correlationId, /^[0-9a-f-]{36}$/);
});

test('a second contact with the same e-mail address is a conflict that names the first', async () => {
  const { contacts } = everything();
  const first = await contacts.basicApi.create({ properties: { email: 'once@only.example' } });
  const error = await failure(
    contacts.basicApi.create({ properties: { email: 'once@only.example' } }),
  );
  assert.equal(error.code, 409);
  assert.equal(error.body.category, 'CONFLICT');
  assert.equal(error.body.message, `Contact already exists. Existing ID: ${first.id}`);
});

test('a batch is created and read, with a partial failure for the id that does not exist', async () => {
  const { contacts } = everything();
  const emails = ['one', 'two', 'three'].map((name) => `${name}@batch.example`);
  const created = await contacts.batchApi.create({
    inputs: emails.map((email) => ({ properties: { email }, associations: [] })),
  });
  assert.equal(created.status, 'COMPLETE');
  assert.deepEqual(created.results.map(({ properties }) => properties.email), emails);

  const ids = created.results.map(({ id }) => ({ id }));
  const missing = '999999999999';
  const read = await contacts.batchApi.read({
    properties: ['email'],
    propertiesWithHistory: [],
    inputs: [...ids, { id: missing }],
  });
  assert.equal(read.results.length, 3);
  assert.equal(read.numErrors, 1);
  assert.equal(read.errors[0].category, 'OBJECT_NOT_FOUND');
  assert.deepEqual(read.errors[0].context.ids, [missing]);
});

test('a batch upsert tells for each row what became of it, and fails as a whole for an invalid value', async () => {
  const { contacts } = everything();
  await contacts.basicApi.create({ properties: { email: 'old@upsert.example' } });
  const row = (email, trace) => ({
    id: email,
    idProperty: 'email',
    properties: { email, lastname: 'Upserted' },
    objectWriteTraceId: trace,
  });
  const rows = [row('old@upsert.example', 'r0'), row('new@upsert.example', 'r1')];
  await assert.rejects(contacts.batchApi.upsert({ inputs: [...rows, row('no address', 'r2')] }), (error) => {
    assert.equal(error.code, 400);
    assert.equal(error.body.category, 'VALIDATION_ERROR');
    assert.deepEqual(error.body.context.objectWriteTraceId, ['r2']);
    return true;
  });
  const answer = await contacts.batchApi.upsert({ inputs: rows });
  assert.equal(answer.status, 'COMPLETE');
  const outcomes = new Map(answer.results.map((one) => [one.properties.email, one._new]));
  assert.deepEqual([...outcomes], [['old@upsert.example', false], ['new@upsert.example', true]]);
});

test('a search filters, sorts and pages', async () => {
  const { companies } = everything();
  const names = ['Search A', 'Search B', 'Search C', 'Search D', 'Search E'];
  await companies.batchApi.create({
    inputs: names.map((name) => ({ properties: { name, city: 'Searchville' }, associations: [] })),
  });
  const found = [];
  let cursor;
  do {
    const page = await companies.searchApi.doSearch({
      filterGroups: [{ filters: [{ propertyName: 'city', operator: 'EQ', value: 'Searchville' }] }],
      sorts: ['-name'],
      properties: ['name'],
      limit: 2,
      after: cursor,
    });
    assert.equal(page.total, names.length);
    found.push(...page.results.map(({ properties }) => properties.name));
    cursor = page.paging?.next?.after;
  } while (cursor);
  assert.deepEqual(found, [...names].reverse());
});

test('getAll reads every record, page after page', async () => {
  const { contacts } = clientWith(TOKENS.crowd).crm;
  for (const batch of [0, 1, 2]) {
    const inputs = Array.from({ length: 100 }, (_, row) => ({
      properties: { email: `${batch}-${row}@crowd.example` },
      associations: [],
    }));
    await contacts.batchApi.create({ inputs });
  }
  const all = await contacts.getAll(undefined, undefined, ['email']);
  assert.equal(all.length, 300);
  assert.equal(new Set(all.map(({ properties }) => properties.email)).size, 300);
});

test('after a merge the id that was merged away resolves to the one that stayed', async () => {
  const { contacts } = everything();
  const [stays, goes] = await Promise.all(
    ['stays@merge.example', 'goes@merge.example'].map((email) => (
      contacts.basicApi.create({ properties: { email } })
    )),
  );
  const merged = await contacts.basicApi.merge({ primaryObjectId: stays.id, objectIdToMerge: goes.id });
  const read = await contacts.basicApi.getById(goes.id, ['email']);
  assert.equal(read.id, merged.id);
  assert.equal(read.properties.email, 'stays@merge.example');
});

test('an archived contact is gone, except for those who ask for archived ones', async () => {
  const { contacts } = everything();
  const { id } = await contacts.basicApi.create({ properties: { email: 'gone@archive.example' } });
  await contacts.basicApi.archive(id);
  const error = await failure(contacts.basicApi.getById(id));
  assert.equal(error.code, 404);
  const archived = await contacts.basicApi.getById(id, undefined, undefined, undefined, true);
  assert.equal(archived.archived, true);
  assert.ok(archived.archivedAt instanceof Date);
  await contacts.basicApi.archive(id);
});

test('a custom object is defined, used by id and by name, and deleted once it is empty', async () => {
  const { schemas, objects } = everything();
  const schema = await schemas.coreApi.create({
    name: 'machine',
    labels: { singular: 'Machine', plural: 'Machines' },
    primaryDisplayProperty: 'model',
    requiredProperties: ['model'],
    searchableProperties: [],
    secondaryDisplayProperties: [],
    properties: [
      { name: 'model', label: 'Model', type: 'string', fieldType: 'text', hasUniqueValue: true },
    ],
    associatedObjects: ['CONTACT'],
  });
  assert.match(schema.objectTypeId, /^2-\d+$/);
  assert.match(schema.fullyQualifiedName, /^p\d+_machine$/);
  const read = await schemas.coreApi.getById(schema.fullyQualifiedName);
  assert.equal(read.objectTypeId, schema.objectTypeId);
  assert.ok(read.properties.some(({ name }) => name === 'model'));
  const { results } = await schemas.coreApi.getAll();
  assert.ok(results.some(({ name }) => name === 'machine'));

  const record = await objects.basicApi.create(schema.objectTypeId, {
    properties: { model: 'Difference Engine No. 2' },
    associations: [],
  });
  const named = await objects.basicApi.getById('machine', record.id, ['model']);
  assert.equal(named.properties.model, 'Difference Engine No. 2');
  const refused = await failure(
    objects.basicApi.create(schema.objectTypeId, { properties: {}, associations: [] }),
  );
  assert.equal(refused.code, 400, 'a required property is missing');

  const full = await failure(schemas.coreApi.archive('machine'));
  assert.equal(full.code, 400, 'a schema with records cannot be deleted');
  await objects.basicApi.archive(schema.objectTypeId, record.id);
  await schemas.coreApi.archive('machine');
  const gone = await failure(schemas.coreApi.getById('machine'));
  assert.equal(gone.code, 404);
});

test('records are associated by default and by label, listed, and parted', async () => {
  const { associations, companies, contacts } = everything();
  const contact = await contacts.basicApi.create({ properties: { email: 'tied@associations.example' } });
  const company = await companies.basicApi.create({ properties: { name: 'Tied' } });
  const pair = ['contacts', contact.id, 'companies', company.id];

  const tied = await associations.v4.basicApi.createDefault(...pair);
  assert.equal(tied.status, 'COMPLETE');
  const spec = {
    associationCategory: 'HUBSPOT_DEFINED',
    associationTypeId: TYPES.primaryContactToCompany,
  };
  const labelled = await associations.v4.basicApi.create(...pair, [spec]);
  assert.equal(String(labelled.toObjectId), company.id);

  const page = await associations.v4.basicApi.getPage('contacts', contact.id, 'companies');
  assert.equal(String(page.results[0].toObjectId), company.id);
  const types = page.results[0].associationTypes.map(({ typeId }) => typeId);
  assert.ok(types.includes(spec.associationTypeId));

  const read = await contacts.basicApi.getById(contact.id, [], [], ['companies']);
  assert.equal(read.associations.companies.results[0].id, company.id);

  const batch = await associations.v4.batchApi.getPage('contacts', 'companies', {
    inputs: [{ id: contact.id }],
  });
  assert.equal(String(batch.results[0].to[0].toObjectId), company.id);

  await associations.v4.basicApi.archive(...pair);
  const parted = await associations.v4.basicApi.getPage('contacts', contact.id, 'companies');
  assert.deepEqual(parted.results, []);
});

test('a record is created with its association', async () => {
  const { companies, contacts } = everything();
  const company = await companies.basicApi.create({ properties: { name: 'Born with' } });
  const contact = await contacts.basicApi.create({
    properties: { email: 'born@with.example' },
    associations: [{
      to: { id: company.id },
      types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: TYPES.contactToCompany }],
    }],
  });
  const read = await contacts.basicApi.getById(contact.id, [], [], ['companies']);
  assert.equal(read.associations.companies.results[0].id, company.id);
});

test('OAuth: the code is exchanged once, the token works, and a refresh gives another', async () => {
  const { oauth } = new Client({ basePath: mock.url });
  const { clientId, clientSecret } = OAUTH_APP;
  const code = await authorize(mock.url);
  const exchange = () => oauth.tokensApi.create(
    'authorization_code', code, CALLBACK, clientId, clientSecret,
  );
  const tokens = await exchange();
  assert.equal(tokens.tokenType, 'bearer');
  assert.equal(tokens.expiresIn, 1800);
  const page = await clientWith(tokens.accessToken).crm.contacts.basicApi.getPage(1);
  assert.ok(Array.isArray(page.results));

  const again = await failure(exchange());
  assert.equal(again.code, 400, 'a code works once');

  const refreshed = await oauth.tokensApi.create(
    'refresh_token', undefined, undefined, clientId, clientSecret, tokens.refreshToken,
  );
  assert.notEqual(refreshed.accessToken, tokens.accessToken);
  const info = await oauth.accessTokensApi.get(refreshed.accessToken);
  assert.equal(info.tokenType, 'access');
  assert.ok(info.scopes.includes('crm.objects.contacts.read'));
  assert.ok(info.expiresIn > 0 && info.expiresIn <= 1800);

  await oauth.refreshTokensApi.archive(refreshed.refreshToken);
  const dead = await failure(oauth.tokensApi.create(
    'refresh_token', undefined, undefined, clientId, clientSecret, refreshed.refreshToken,
  ));
  assert.equal(dead.code, 400, 'a deleted refresh token is dead');
  assert.equal(dead.body.status, 'BAD_REFRESH_TOKEN');
});

test('a call without its scope is refused with the names of the scopes', async () => {
  const { contacts, companies } = clientWith(TOKENS.contactsOnly).crm;
  assert.ok(Array.isArray((await contacts.basicApi.getPage(1)).results));
  const error = await failure(companies.basicApi.getPage(1));
  assert.equal(error.code, 403);
  assert.equal(error.body.category, 'MISSING_SCOPES');
  const { requiredGranularScopes } = error.body.errors[0].context;
  assert.ok(requiredGranularScopes.includes('crm.objects.companies.read'));
});

test('a token that nobody issued is refused', async () => {
  const error = await failure(clientWith('pat-nobody').crm.contacts.basicApi.getPage(1));
  assert.equal(error.code, 401);
  assert.equal(error.body.category, 'INVALID_AUTHENTICATION');
});

test('above the search limit the client waits a second, tries again and succeeds', async () => {
  const { contacts } = clientWith(TOKENS.limited, { numberOfApiCallRetries: 6 }).crm;
  const search = () => contacts.searchApi.doSearch({ limit: 1 });
  const answers = await Promise.all(Array.from({ length: 8 }, search));
  assert.ok(answers.every(({ total }) => total === 0));
});

test('above the ten-second limit the client waits, tries again and succeeds', async () => {
  const headers = { authorization: `Bearer ${TOKENS.limited}` };
  const list = () => fetch(`${mock.url}/crm/v3/objects/contacts?limit=1`, { headers });
  let refused;
  for (let calls = 0; calls < 200 && !refused; calls += 1) {
    const answer = await list();
    if (answer.status === 429) {
      refused = await answer.json();
    } else {
      assert.ok(Number(answer.headers.get('x-hubspot-ratelimit-remaining')) >= 0);
    }
  }
  assert.equal(refused?.policyName, 'TEN_SECONDLY_ROLLING');
  assert.equal(refused.errorType, 'RATE_LIMIT');
  const { contacts } = clientWith(TOKENS.limited, { numberOfApiCallRetries: 2 }).crm;
  const page = await contacts.basicApi.getPage(1);
  assert.ok(Array.isArray(page.results));
});
