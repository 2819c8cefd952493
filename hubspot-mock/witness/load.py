"""Makes many calls at once with HubSpot's newer Python SDK as it is set by default, and prints how many fail:
load.py updates|searches CALLS AT_ONCE URL TOKEN ID"""

import asyncio
import sys

import hubspot_sdk


async def main(what, calls, at_once, url, token, id):
    client = hubspot_sdk.AsyncHubSpot(access_token=token, base_url=url)
    contacts = client.crm.objects.contacts
    search = {"filter_groups": [], "limit": 10, "after": "0", "properties": [], "sorts": []}
    turns = asyncio.Semaphore(int(at_once))

    async def call(number):
        async with turns:
            if what == "updates":
                await contacts.update(id, properties={"firstname": str(number)})
            else:
                await contacts.search(**search)

    results = await asyncio.gather(*map(call, range(int(calls))), return_exceptions=True)
    print(sum(isinstance(result, Exception) for result in results))


asyncio.run(main(*sys.argv[1:]))
