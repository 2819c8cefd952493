"""Extracts a whole account with an extract program, and checks how many records arrive.

Run with the Python that has the program: taps.py MOCK PROGRAM. The host of its requests is rewritten; nothing else is.
"""

import collections
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile

import requests

TOKEN = "witness-tap"
COUNTS = {"contacts": 1000, "companies": 200, "deals": 300, "tickets": 20}


def seed():
    """An account with records that are associated, an owner and a list."""
    contacts = [
        {"email": f"c{n}@example.com", "lifecyclestage": "lead", "hubspot_owner_id": "7"}
        for n in range(COUNTS["contacts"])
    ]
    companies = [{"name": f"Company {n}"} for n in range(COUNTS["companies"])]
    deals = [
        {"dealname": f"Deal {n}", "pipeline": "default", "dealstage": "closedwon"}
        for n in range(COUNTS["deals"])
    ]
    tickets = [{"subject": f"Ticket {n}"} for n in range(COUNTS["tickets"])]
    associations = [
        {"from": f"contacts[{n}]", "to": f"companies[{n % COUNTS['companies']}]"}
        for n in range(COUNTS["contacts"])
    ]
    members = [f"contacts[{n}]" for n in range(50)]
    account = {
        "name": "acme",
        "tier": "unlimited",
        "owners": [{"id": 7, "email": "owner@example.com", "teams": ["Sales"]}],
        "tokens": [{"token": TOKEN, "scopes": scopes()}],
        "records": {"contacts": contacts, "companies": companies, "deals": deals, "tickets": tickets},
        "associations": associations,
        "lists": [{"name": "All", "objectTypeId": "0-1", "processingType": "MANUAL", "members": members}],
    }
    return {"accounts": [account]}


def scopes():
    with open(os.environ["HUBSPOT_SCOPES"], encoding="utf-8") as file:
        lines = [line for line in file if line.startswith("name = ")]
    return [line.split('"')[1] for line in lines]


def rewrite_hosts(url, refused):
    """Sends the program's requests to the mock, and keeps those that it refuses."""
    send = requests.Session.send

    def rewritten(session, request, **options):
        request.url = request.url.replace("https://api.hubapi.com", url)
        response = send(session, request, **options)
        if response.status_code >= 400:
            refused.append(f"{request.method} {request.url}: {response.status_code} {response.text[:300]}")
        return response

    requests.Session.send = rewritten


def run(program, arguments):
    """Runs the program in this process, and returns the messages that it prints."""
    sys.argv = [program, *arguments]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            if program == "tap-hubspot":
                from tap_hubspot import main

                main()
            else:
                from tap_hubspot.tap import TapHubspot

                TapHubspot.cli()
        except SystemExit as end:
            if end.code:
                raise
    return output.getvalue()


def extract(program, folder):
    """Selects every stream that the program discovers, and extracts all of them."""

    def file(name, content):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as opened:
            json.dump(content, opened)
        return path

    start = "2026-01-01T00:00:00Z"
    if program == "tap-hubspot":
        # It asks for events day by day from the start on.
        config = {"api_key": TOKEN, "start_date": start, "redirect_uri": "", "client_id": "", "client_secret": "", "refresh_token": ""}
        config = file("config.json", {**config, "subscription_chunk_size": 10**12, "email_chunk_size": 10**12})
        catalog_option = "--properties"
    else:
        config = file("config.json", {"access_token": TOKEN, "start_date": start})
        catalog_option = "--catalog"
    catalog = json.loads(run(program, ["--config", config, "--discover"]))
    for stream in catalog["streams"]:
        for part in stream["metadata"]:
            part["metadata"]["selected"] = True
    catalog = file("catalog.json", catalog)
    printed = run(program, ["--config", config, catalog_option, catalog])
    messages = (json.loads(line) for line in printed.splitlines() if line.startswith("{"))
    return collections.Counter(message["stream"] for message in messages if message["type"] == "RECORD")


def main(mock, program):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "seed.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(seed(), file)
        command = [mock, "--port", "0", "--seed", path]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                refused = []
                rewrite_hosts(server.stdout.readline().split()[-1], refused)
                found = extract(program, folder)
            finally:
                server.terminate()
    print(", ".join(f"{stream}: {count}" for stream, count in sorted(found.items())))
    wrong = {name: found[name] for name, count in COUNTS.items() if found[name] != count}
    if refused or wrong:
        sys.exit(f"{program}: wrong counts {wrong}; refused: " + "\n".join(refused))


main(*sys.argv[1:])
