"""Runs commands of hubspotctl against hubspot-mock: hubspotctl_cli.py MOCK. Fails if a command does not pass."""

import os
import re
import sys

import hubspotctl.client
from click.testing import CliRunner
from hubspotctl.cli import main as cli

from calls import Calls, start

#: The groups of commands, with the options that create a record and those that update it.
GROUPS = {
    "contact": (["--email", "{}@example.com", "--firstname", "Ada"], ["--lastname", "Lovelace"]),
    "company": (["--name", "{}"], ["--industry", "COMPUTER_SOFTWARE"]),
    "deal": (["--name", "{}", "--stage", "appointmentscheduled"], ["--amount", "5"]),
}


class Commands:
    def __init__(self):
        self.calls = Calls()
        self.runner = CliRunner()

    def __call__(self, *words):
        def run():
            result = self.runner.invoke(cli, ["--format", "json", *words])
            if result.exit_code != 0:
                raise RuntimeError(result.output or repr(result.exception))
            return result.output

        return self.calls(" ".join(words), run)

    def id(self, *words):
        """The id in what a command prints."""
        found = re.search(r"\b\d{5,}\b", self(*words) or "")
        return found.group() if found else "0"


def of_group(run, group):
    create, update = GROUPS[group]
    new = lambda name: run.id(group, "create", *(option.format(name) for option in create))
    first, second, third = new("first"), new("second"), new("third")
    run(group, "show", first)
    run(group, "update", first, *update)
    run(group, "list", "--limit", "2")
    run(group, "search", "first")
    run(group, "properties")
    run(group, "property", {"contact": "email", "company": "name", "deal": "dealname"}[group])
    run(group, "labels")
    run(group, "associations", first)
    note = run.id(group, "add-note", first, "--body", "A note")
    run(group, "notes", first)
    run(group, "delete-note", note, "--yes")
    run(group, "emails", first)
    run(group, "merge", first, second, "--yes")
    run(group, "delete", third, "--yes")
    return new("last")


def main():
    with start(sys.argv[1]) as (url, token):
        hubspotctl.client.BASE_URL = url
        os.environ["HUBSPOT_ACCESS_TOKEN"] = token
        run = Commands()
        ids = {group: of_group(run, group) for group in GROUPS}
        run("auth", "status")
        run("deal", "owners")
        run("deal", "stages")
        run("contact", "associate", ids["contact"], "--company", ids["company"])
        run("contact", "associate", ids["contact"], "--deal", ids["deal"])
        run("contact", "associations", ids["contact"])
        run("company", "associations", ids["company"])
        run("deal", "associate", ids["deal"], "--company", ids["company"])
        run("deal", "associations", ids["deal"])
        run("contact", "disassociate", ids["contact"], "--company", ids["company"])
        run.calls.report()


main()
