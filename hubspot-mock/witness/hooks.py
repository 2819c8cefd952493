"""What schemathesis has to know beyond our documents.

The hooks aim half of the requests at records that exist. Two checks of our own fail for a success that no document lists,
and for an error that does not have HubSpot's shape.
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
        for operation in operations.values():
            if "responses" not in operation:
                # What several versions share stands in a file of its own.
                continue
            responses = operation["responses"]
            full = responses.get("200") or responses.get("201")
            if "/batch/" in path and full:
                responses.setdefault(PARTIAL, full)


def is_about_tokens(path):
    return path.startswith("/oauth/")


def seeded(object_type):
    """The id of a record that is there from the start."""
    url = f"{os.environ['HUBSPOT_MOCK_URL']}/crm/objects/2026-09/{object_type}"
    token = os.environ["HUBSPOT_MOCK_TOKEN"]
    answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    answer.raise_for_status()
    return answer.json()["results"][0]["id"]


IDS = {kind: seeded(kind) for kind in ("contacts", "companies", "line_items")}


# Properties that take any text.
PROPERTIES = {
    "contacts": ("firstname", "lastname", "city"),
    "companies": ("name", "city", "state"),
    "line_items": ("name", "description"),
    "car": ("vin",),
}


def object_type(path):
    """The type of the records that a path is about, as the paths of this run are aimed."""
    return next((kind for kind in IDS if f"/{kind}" in path), "contacts")


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
        return IDS[object_type(path)]
    return None


def is_aimed(value):
    """Every second generated text gives way to one that HubSpot knows."""
    return isinstance(value, str) and len(value) % 2 == 0


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Aims every second request at a record that is there."""
    aimed = dict(path_parameters or {})
    for name, value in aimed.items():
        known = known_value(context.operation.path, name)
        if known and is_aimed(value):
            aimed[name] = known
    return aimed


@schemathesis.hook
def map_body(context, body):
    """Gives the properties of records names that exist, and every second id a record."""
    return aimed_body(object_type(context.operation.path), body)


def aimed_body(kind, value):
    if isinstance(value, list):
        return [aimed_body(kind, item) for item in value]
    if not isinstance(value, dict):
        return value
    aimed = {}
    for name, item in value.items():
        if name == "properties" and isinstance(item, dict):
            aimed[name] = dict(zip(PROPERTIES[kind], item.values())) or {PROPERTIES[kind][0]: "Any"}
        elif name in ("id", "objectId", "primaryObjectId", "objectIdToMerge") and is_aimed(item):
            aimed[name] = IDS[kind]
        else:
            aimed[name] = aimed_body(kind, item)
    return aimed


def is_lenient(value, in_properties=False):
    """Whether a body has what HubSpot takes, whatever the document says.

    A `null` stands for a field that is left out, a number for its text, and so does a flag as the value of a property.
    """
    if isinstance(value, dict):
        return any(is_lenient(item, name == "properties" or in_properties) for name, item in value.items())
    if isinstance(value, list):
        return any(map(is_lenient, value))
    if isinstance(value, bool):
        return in_properties
    return value is None or isinstance(value, (int, float))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops what HubSpot does, whatever the document says.

    `is_lenient` names what it takes, and refusals of the calls about tokens come in three shapes, which
    `error_has_hubspots_shape` knows.
    """
    kind = type(failure).__name__
    taken = kind == "AcceptedNegativeData" and is_lenient(case.body)
    shape = kind == "JsonSchemaError" and response.status_code >= 400
    return not (taken or shape and is_about_tokens(case.operation.path))


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
    if is_about_tokens(case.operation.path):
        shapes = (("error", "error_description"), ("category", "message"), ("status", "message"))
        told = any(all(fault.get(field) for field in shape) for shape in shapes)
        assert told, "a refusal is of RFC 6749's shape, HubSpot's, or its oldest"
        return
    assert fault.get("status") == "error", "the field `status` of an error says `error`"
    # What no operation of HubSpot's got to see is of none of its categories.
    category = () if response.status_code in (405, 413, 414, 415) else ("category",)
    for field in ("message", "correlationId", *category):
        assert fault.get(field), f"an error has the field `{field}`"
