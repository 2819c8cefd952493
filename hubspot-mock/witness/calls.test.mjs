// Calls hubspot-mock with HubSpot's Node client: every object type, and what stands around records. Fails with the calls
// that do not pass. HUBSPOT_MOCK names the program.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import hubspotClient from '@hubspot/api-client';

import { startMock } from './mock.mjs';
import { SEED, TOKENS } from './setup.mjs';

/** Object types with the values of a new record, and the property that is changed. */
const TYPES = {
  contacts: [(n) => ({ email: `${n}@calls.example`, firstname: 'Ada' }), 'firstname'],
  companies: [(n) => ({ name: `Company ${n}` }), 'name'],
  deals: [(n) => ({ dealname: `Deal ${n}`, dealstage: 'appointmentscheduled' }), 'dealname'],
  tickets: [(n) => ({ subject: `Ticket ${n}`, hs_pipeline_stage: '1' }), 'subject'],
  products: [(n) => ({ name: `Product ${n}` }), 'name'],
  lineItems: [(n) => ({ name: `Item ${n}`, quantity: '2', price: '5' }), 'name'],
  quotes: [(n) => ({ hs_title: `Quote ${n}`, hs_expiration_date: '2030-01-01' }), 'hs_title'],
};

let mock;
let crm;
before(async () => {
  mock = await startMock(SEED);
  const limiterOptions = { minTime: 0, maxConcurrent: 50 };
  const client = new hubspotClient.Client({
    accessToken: TOKENS.everything, basePath: mock.url, limiterOptions,
  });
  crm = client.crm;
});
after(() => mock.stop());

let passed = 0;

/** Makes a call of the client. */
async function call(name, promise) {
  try {
    const result = await promise;
    passed += 1;
    return result;
  } catch (error) {
    return assert.fail(`${name}: ${error.message}`);
  }
}

for (const [name, [values, changed]] of Object.entries(TYPES)) {
  test(`${name} are written and read one by one and in batches`, async () => {
    const { basicApi, batchApi, searchApi, getAll } = crm[name];
    const of = (what, promise) => call(`${name}.${what}`, promise);
    const create = (number) => ({ properties: values(number), associations: [] });
    const one = await of('create', basicApi.create(create(1)));
    const read = await of('getById', basicApi.getById(one.id, [changed]));
    assert.equal(read.properties[changed], values(1)[changed]);
    const page = await of('getPage', basicApi.getPage(5, undefined, [changed]));
    assert.ok(page.results.length > 0);
    const all = await of('getAll', getAll.call(crm[name], undefined, undefined, [changed]));
    assert.ok(all.some(({ id }) => id === one.id));
    const properties = { [changed]: 'Other' };
    const updated = await of('update', basicApi.update(one.id, { properties }));
    assert.equal(updated.properties[changed], 'Other');

    const made = await of('batch.create', batchApi.create({ inputs: [create(2), create(3)] }));
    const inputs = made.results.map(({ id }) => ({ id }));
    assert.equal(inputs.length, 2);
    const several = { inputs, properties: [changed], propertiesWithHistory: [] };
    assert.equal((await of('batch.read', batchApi.read(several))).results.length, 2);
    const changes = { inputs: inputs.map(({ id }) => ({ id, properties })) };
    assert.equal((await of('batch.update', batchApi.update(changes))).results.length, 2);
    const filters = [{ propertyName: changed, operator: 'EQ', value: 'Other' }];
    const search = { filterGroups: [{ filters }], properties: [changed], limit: 5 };
    assert.equal((await of('search', searchApi.doSearch(search))).total, 3);
    await of('batch.archive', batchApi.archive({ inputs }));
    await of('archive', basicApi.archive(one.id));
    const left = await of('batch.read of archived records', batchApi.read({
      inputs: [...inputs, { id: one.id }], properties: [], propertiesWithHistory: [],
    }));
    assert.deepEqual(left.results, []);
  });
}

test('properties and their groups are defined, changed and archived', async () => {
  const { coreApi, groupsApi, batchApi } = crm.properties;
  const group = { name: 'witness_group', label: 'Witness', displayOrder: -1 };
  await call('groups.create', groupsApi.create('contacts', group));
  const groups = await call('groups.getAll', groupsApi.getAll('contacts'));
  assert.ok(groups.results.some(({ name }) => name === group.name));
  const text = (name) => ({ name, label: name, type: 'string', fieldType: 'text', groupName: group.name });
  await call('properties.create', coreApi.create('contacts', text('witness')));
  const renamed = await call('properties.update', coreApi.update('contacts', 'witness', { label: 'Other' }));
  assert.equal(renamed.label, 'Other');
  const read = await call('properties.getByName', coreApi.getByName('contacts', 'witness'));
  assert.equal(read.groupName, group.name);
  await call('properties.batch.create', batchApi.create('contacts', { inputs: [text('witness_2')] }));
  const both = { archived: false, inputs: [{ name: 'witness' }, { name: 'witness_2' }] };
  assert.equal((await call('properties.batch.read', batchApi.read('contacts', both))).results.length, 2);
  const all = await call('properties.getAll', coreApi.getAll('contacts'));
  assert.ok(all.results.some(({ name }) => name === 'email'));
  await call('properties.archive', coreApi.archive('contacts', 'witness'));
  await call('properties.batch.archive', batchApi.archive('contacts', { inputs: [{ name: 'witness_2' }] }));
  await call('groups.archive', groupsApi.archive('contacts', group.name));
});

test('pipelines, their stages and owners are read and written', async () => {
  const { pipelinesApi, pipelineStagesApi } = crm.pipelines;
  const stage = (label, displayOrder) => ({ label, displayOrder, metadata: { probability: '0.5' } });
  const input = { label: 'Renewals', displayOrder: 1, stages: [stage('Open', 0)] };
  const made = await call('pipelines.create', pipelinesApi.create('deals', input));
  const added = await call('stages.create', pipelineStagesApi.create('deals', made.id, stage('Won', 1)));
  const stages = await call('stages.getAll', pipelineStagesApi.getAll('deals', made.id));
  assert.deepEqual(stages.results.map(({ label }) => label), ['Open', 'Won']);
  await call('stages.archive', pipelineStagesApi.archive('deals', made.id, added.id));
  const all = await call('pipelines.getAll', pipelinesApi.getAll('deals'));
  assert.ok(all.results.some(({ id }) => id === made.id));
  await call('pipelines.archive', pipelinesApi.archive('deals', made.id));
  const owners = await call('owners.getPage', crm.owners.ownersApi.getPage());
  assert.ok(Array.isArray(owners.results));
});

test('a list has members, and imports are listed', async () => {
  const { listsApi, membershipsApi } = crm.lists;
  const contact = await call('contacts.create', crm.contacts.basicApi.create({
    properties: { email: 'member@calls.example' }, associations: [],
  }));
  const input = { name: 'Witness', objectTypeId: '0-1', processingType: 'MANUAL' };
  const { list } = await call('lists.create', listsApi.create(input));
  const read = await call('lists.getById', listsApi.getById(list.listId));
  assert.equal(read.list.name, 'Witness');
  await call('memberships.add', membershipsApi.add(list.listId, [contact.id]));
  const members = await call('memberships.getPage', membershipsApi.getPage(list.listId));
  assert.deepEqual(members.results.map(({ recordId }) => recordId), [contact.id]);
  await call('memberships.remove', membershipsApi.remove(list.listId, [contact.id]));
  await call('lists.remove', listsApi.remove(list.listId));
  const imports = await call('imports.getPage', crm.imports.coreApi.getPage());
  assert.deepEqual(imports.results, []);
});

test('labels of associations are defined and used', async () => {
  const { schema, basicApi } = crm.associations.v4;
  const definitions = schema.definitionsApi;
  const label = { label: 'Witness', name: 'witness' };
  const made = await call('labels.create', definitions.create('contacts', 'companies', label));
  const { typeId } = made.results.find((one) => one.label === label.label);
  const all = await call('labels.getAll', definitions.getAll('contacts', 'companies'));
  assert.ok(all.results.some((one) => one.typeId === typeId));
  const contact = await call('contacts.create', crm.contacts.basicApi.create({
    properties: { email: 'labelled@calls.example' }, associations: [],
  }));
  const company = await call('companies.create', crm.companies.basicApi.create({
    properties: { name: 'Labelled' }, associations: [],
  }));
  const spec = [{ associationCategory: 'USER_DEFINED', associationTypeId: typeId }];
  const pair = ['contacts', contact.id, 'companies', company.id];
  const labelled = await call('associations.create', basicApi.create(...pair, spec));
  assert.deepEqual(labelled.labels, [label.label]);
  await call('associations.archive', basicApi.archive(...pair));
  await call('labels.remove', definitions.remove('contacts', 'companies', typeId));
});

test('the script made at least 60 calls', (context) => {
  context.diagnostic(`${passed} calls passed`);
  assert.ok(passed >= 60, `only ${passed} calls passed`);
});
