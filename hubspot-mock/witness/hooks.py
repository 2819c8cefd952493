"""What schemathesis has to know beyond our documents.

In: the documents as they are read, and each request and answer. Out: requests of which half reach a record, and three
checks of our own. Refuses: a success that no document lists, and an error that is not of HubSpot's shape.
"""

import os

import requests
import schemathesis

# HubSpot answers a batch of which some inputs failed with 207. The documents of 2026-09 do not list it: there the same
# schema as that of the full success has `errors` and `numErrors`.
PARTIAL = "207"


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for path, operations in raw_schema["paths"].items():
        if "/batch/" not in path:
            continue
        for method, operation in operations.items():
            if method != "post":
                continue
            responses = operation["responses"]
            full = responses.get("200") or responses.get("201")
            if full and PARTIAL not in responses:
                responses[PARTIAL] = full


def seeded(object_type):
    """The id of a record that is there from the start."""
    url = f"{os.environ['HUBSPOT_MOCK_URL']}/crm/objects/2026-09/{object_type}"
    token = os.environ["HUBSPOT_MOCK_TOKEN"]
    answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    answer.raise_for_status()
    return answer.json()["results"][0]["id"]


IDS = {object_type: seeded(object_type) for object_type in ("contacts", "companies", "line_items")}


def known_value(path, name):
    """What a path's parameter is in a request that is to succeed."""
    if name in ("objectType", "fromObjectType"):
        return "car" if "schemas" in path else "contacts"
    if name == "toObjectType":
        return "companies"
    if name in ("toObjectId", "companyId"):
        return IDS["companies"]
    if name == "lineItemId":
        return IDS["line_items"]
    if name in ("objectId", "fromObjectId", "contactId"):
        return next((known for kind, known in IDS.items() if f"/{kind}/" in path), IDS["contacts"])
    return None


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Aims every second request at a record that is there."""
    aimed = dict(path_parameters or {})
    for name, value in aimed.items():
        known = known_value(context.operation.path, name)
        if known and isinstance(value, str) and len(value) % 2 == 0:
            aimed[name] = known
    return aimed


@schemathesis.check
def success_is_documented(ctx, response, case):
    """`default` stands for errors: a success has to be listed by its own status."""
    responses = case.operation.definition.raw["responses"]
    if 200 <= response.status_code < 300:
        assert str(response.status_code) in responses, (
            f"{response.status_code} is a success that the document does not list"
        )


@schemathesis.check
def error_has_hubspots_shape(ctx, response, case):
    """Whatever goes wrong is told in HubSpot's words, also where no route or no token was found."""
    if response.status_code < 400:
        return
    fault = response.json()
    assert fault["status"] == "error", "the field `status` of an error says `error`"
    for field in ("message", "category", "correlationId"):
        assert fault.get(field), f"an error has the field `{field}`"
