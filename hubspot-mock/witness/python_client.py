"""Calls hubspot-mock with HubSpot's Python client: python_client.py MOCK. Prints how many calls pass, and fails if one does not."""

import sys

import hubspot
from hubspot.crm import associations, companies, contacts, deals, line_items, objects, products, quotes, tickets
from hubspot.crm import exports, lists, pipelines, properties, schemas
from hubspot.crm.associations import v4 as associations_v4

from calls import Calls, start

#: Object types with their modules and the values of a new record.
TYPES = {
    "contacts": (contacts, {"email": "c{}@example.com", "firstname": "Ada"}, "firstname"),
    "companies": (companies, {"name": "Company {}"}, "name"),
    "deals": (deals, {"dealname": "Deal {}", "dealstage": "appointmentscheduled"}, "dealname"),
    "tickets": (tickets, {"subject": "Ticket {}", "hs_pipeline_stage": "1"}, "subject"),
    "products": (products, {"name": "Product {}"}, "name"),
    "line_items": (line_items, {"name": "Item {}", "quantity": "2", "price": "5"}, "name"),
    "quotes": (quotes, {"hs_title": "Quote {}", "hs_expiration_date": "2030-01-01"}, "hs_title"),
}


def of_type(calls, crm, name):
    module, template, changed = TYPES[name]
    api = getattr(crm, name)

    def values(number):
        return {key: value.format(f"{name}{number}") for key, value in template.items()}

    def new(number):
        return module.SimplePublicObjectInputForCreate(properties=values(number), associations=[])

    call = lambda what, of: calls(f"{name}.{what}", of)
    one = call("create", lambda: api.basic_api.create(new(1)))
    call("get_by_id", lambda: api.basic_api.get_by_id(one.id, properties=[changed]))
    call("get_page", lambda: api.basic_api.get_page(limit=5, archived=False))
    call("get_all", lambda: api.get_all())
    change = {changed: "Other"}
    update = module.SimplePublicObjectInput(properties=change)
    call("update", lambda: api.basic_api.update(one.id, update))
    inputs = [new(2), new(3)]
    batch = module.BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs)
    made = call("batch.create", lambda: api.batch_api.create(batch))
    ids = [record.id for record in made.results] if made else []
    read = module.BatchReadInputSimplePublicObjectId(
        inputs=[{"id": id} for id in ids], properties=[changed], properties_with_history=[]
    )
    call("batch.read", lambda: api.batch_api.read(read))
    changes = [module.SimplePublicObjectBatchInput(id=id, properties=change) for id in ids]
    call("batch.update", lambda: api.batch_api.update(module.BatchInputSimplePublicObjectBatchInput(inputs=changes)))
    filters = [{"propertyName": changed, "operator": "EQ", "value": "Other"}]
    search = module.PublicObjectSearchRequest(filter_groups=[{"filters": filters}], limit=5, after="0")
    found = call("search", lambda: api.search_api.do_search(search))
    calls.check(f"{name}.search finds the records", found.total >= 3)
    gone = module.BatchInputSimplePublicObjectId(inputs=[{"id": id} for id in ids])
    call("batch.archive", lambda: api.batch_api.archive(gone))
    return one.id


def settings(calls, crm):
    calls("properties.get_all", lambda: crm.properties.core_api.get_all("contacts"))
    new = properties.PropertyCreate(
        name="witness", label="Witness", type="string", field_type="text", group_name="contactinformation"
    )
    calls("properties.create", lambda: crm.properties.core_api.create("contacts", new))
    calls("properties.get_by_name", lambda: crm.properties.core_api.get_by_name("contacts", "witness"))
    change = properties.PropertyUpdate(label="Other")
    calls("properties.update", lambda: crm.properties.core_api.update("contacts", "witness", change))
    calls("properties.archive", lambda: crm.properties.core_api.archive("contacts", "witness"))
    calls("properties.groups", lambda: crm.properties.groups_api.get_all("contacts"))
    calls("owners.get_page", lambda: crm.owners.owners_api.get_page())
    calls("pipelines.get_all", lambda: crm.pipelines.pipelines_api.get_all("deals"))
    stage = pipelines.PipelineStageInput(label="Open", display_order=0, metadata={"probability": "0.5"})
    new = pipelines.PipelineInput(label="Renewals", display_order=1, stages=[stage])
    made = calls("pipelines.create", lambda: crm.pipelines.pipelines_api.create("deals", new))
    stages = crm.pipelines.pipeline_stages_api
    calls("pipelines.stages.get_all", lambda: stages.get_all("deals", made.id))
    calls("pipelines.archive", lambda: crm.pipelines.pipelines_api.archive("deals", made.id))
    calls("schemas.get_all", lambda: crm.schemas.core_api.get_all())
    property = {"name": "vin", "label": "VIN", "type": "string", "fieldType": "text"}
    new = schemas.ObjectSchemaEgg(
        name="witness_car", labels={"singular": "Car", "plural": "Cars"}, required_properties=["vin"],
        properties=[property], associated_objects=["CONTACT"], primary_display_property="vin",
    )
    made = calls("schemas.create", lambda: crm.schemas.core_api.create(new))
    calls("schemas.get_by_id", lambda: crm.schemas.core_api.get_by_id(made.object_type_id))
    record = objects.SimplePublicObjectInputForCreate(properties={"vin": "1"}, associations=[])
    calls("objects.create", lambda: crm.objects.basic_api.create(made.object_type_id, record))
    calls("objects.get_page", lambda: crm.objects.basic_api.get_page(made.object_type_id))


def relations(calls, crm, ids):
    contact, company = ids["contacts"], ids["companies"]
    api = crm.associations.v4.basic_api
    calls("v4.create_default", lambda: api.create_default("contacts", contact, "companies", company))
    spec = associations_v4.AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=1)
    calls("v4.create", lambda: api.create("contacts", contact, "companies", company, [spec]))
    page = calls("v4.get_page", lambda: api.get_page("contacts", contact, "companies"))
    calls.check("v4.get_page has the company", str(page.results[0].to_object_id) == company)
    batch = associations.BatchInputPublicObjectId(inputs=[{"id": contact}])
    calls("v3.batch.read", lambda: crm.associations.batch_api.read("contacts", "companies", batch))
    calls("v4.archive", lambda: api.archive("contacts", contact, "companies", company))
    api = crm.lists.lists_api
    new = lists.ListCreateRequest(name="Witness", object_type_id="0-1", processing_type="MANUAL")
    made = calls("lists.create", lambda: api.create(new))
    list_id = made.list.list_id
    calls("lists.get_by_id", lambda: api.get_by_id(list_id))
    members = crm.lists.memberships_api
    calls("lists.add", lambda: members.add(list_id, [contact]))
    page = calls("lists.members", lambda: members.get_page(list_id))
    calls.check("lists.members has the contact", len(page.results) == 1)
    calls("imports.get_page", lambda: crm.imports.core_api.get_page())
    new = exports.PublicExportViewRequest(
        export_type="VIEW", export_name="All", format="CSV", language="EN", object_type="CONTACT",
        object_properties=["email"],
    )
    calls("exports.start", lambda: crm.exports.public_exports_api.start(public_export_request=new))
    merge = contacts.PublicMergeInput(primary_object_id=contact, object_id_to_merge=ids["other"])
    calls("contacts.merge", lambda: crm.contacts.basic_api.merge(merge))


def main():
    with start(sys.argv[1]) as (url, token):
        calls = Calls()
        crm = hubspot.HubSpot(access_token=token, host=url).crm
        ids = {name: of_type(calls, crm, name) for name in TYPES}
        other = contacts.SimplePublicObjectInputForCreate(properties={"email": "o@b.co"}, associations=[])
        ids["other"] = calls("contacts.create another", lambda: crm.contacts.basic_api.create(other)).id
        settings(calls, crm)
        relations(calls, crm, ids)
        for name, id in ids.items():
            if name in ("products", "quotes"):
                calls(f"{name}.archive", lambda: getattr(crm, name).basic_api.archive(id))
        calls.report()


main()
