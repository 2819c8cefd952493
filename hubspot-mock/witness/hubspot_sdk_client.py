"""Calls hubspot-mock with HubSpot's newer Python SDK (2026-03): hubspot_sdk_client.py MOCK. Fails if a call does not pass."""

import sys

import hubspot_sdk

from calls import Calls, start

#: Object types with the values of a new record and the property that is changed.
TYPES = {
    "contacts": ({"email": "{}@example.com", "firstname": "Ada"}, "firstname"),
    "companies": ({"name": "{}"}, "name"),
    "deals": ({"dealname": "{}", "dealstage": "appointmentscheduled"}, "dealname"),
    "tickets": ({"subject": "{}", "hs_pipeline_stage": "1"}, "subject"),
    "products": ({"name": "{}"}, "name"),
    "line_items": ({"name": "{}", "quantity": "2", "price": "5"}, "name"),
    "quotes": ({"hs_title": "{}", "hs_expiration_date": "2030-01-01"}, "hs_title"),
    "notes": ({"hs_note_body": "{}", "hs_timestamp": "2026-01-01T00:00:00Z"}, "hs_note_body"),
}


def of_type(calls, objects, name):
    template, changed = TYPES[name]
    api = getattr(objects, name)

    def new(number):
        properties = {key: value.format(f"{name}{number}") for key, value in template.items()}
        return {"properties": properties, "associations": []}

    call = lambda what, of: calls(f"{name}.{what}", of)
    one = call("create", lambda: api.create(**new(1)))
    call("get", lambda: api.get(one.id, properties=[changed]))
    call("list", lambda: list(api.list(limit=5)))
    call("update", lambda: api.update(one.id, properties={changed: "Other"}))
    made = call("batch.create", lambda: api.batch.create(inputs=[new(2), new(3)]))
    ids = [record.id for record in made.results] if made else []
    inputs = [{"id": id} for id in ids]
    read = {"inputs": inputs, "properties": [changed], "properties_with_history": []}
    call("batch.get", lambda: api.batch.get(**read))
    changes = [{"id": id, "properties": {changed: "Other"}} for id in ids]
    call("batch.update", lambda: api.batch.update(inputs=changes))
    filters = [{"propertyName": changed, "operator": "EQ", "value": "Other"}]
    search = {"filter_groups": [{"filters": filters}], "limit": 5, "after": "0", "properties": [changed], "sorts": []}
    found = call("search", lambda: api.search(**search))
    calls.check(f"{name}.search finds the records", found and found.total == 3)
    call("batch.delete", lambda: api.batch.delete(inputs=inputs))
    call("delete", lambda: api.delete(one.id))


def settings(calls, crm):
    calls("properties.list", lambda: crm.properties.list("contacts"))
    new = {"name": "witness", "label": "W", "type": "string", "field_type": "text", "group_name": "contactinformation"}
    calls("properties.create", lambda: crm.properties.create("contacts", **new))
    calls("properties.get", lambda: crm.properties.get("witness", object_type="contacts"))
    calls("properties.delete", lambda: crm.properties.delete("witness", object_type="contacts"))
    calls("properties.groups.list", lambda: crm.properties.groups.list("contacts"))
    calls("owners.list", lambda: list(crm.owners.list()))
    calls("pipelines.list", lambda: crm.pipelines.list("deals"))
    calls("object_schemas.list", lambda: crm.object_schemas.list())
    made = calls(
        "lists.create",
        lambda: crm.lists.create(name="Witness", object_type_id="0-1", processing_type="MANUAL"),
    )
    calls("lists.get", lambda: crm.lists.get(made.list["listId"]))
    calls("imports.list", lambda: list(crm.imports.list()))


def main():
    with start(sys.argv[1]) as (url, token):
        calls = Calls()
        crm = hubspot_sdk.HubSpot(access_token=token, base_url=url, max_retries=0).crm
        for name in TYPES:
            of_type(calls, crm.objects, name)
        settings(calls, crm)
        calls.report()


main()
