//! Typed records against the local HubSpot: what is requested, what is read, and what is written.

mod associations;
mod bodies;
mod bulk;
mod reading;
mod surroundings;
mod writing;

use hubspot_generated::{Client, PropertyEnum, Record, RecordId, scope_set};
use hubspot_mock::{MockAccount, MockHubSpot, Property, PropertyType};

scope_set! {
    pub(crate) struct CrmScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.companies.read",
            "crm.objects.companies.write",
        ],
    }
}

/// A contact as an application sees it.
#[derive(Debug, Record)]
#[hubspot(object = "contacts")]
pub(crate) struct Lead {
    pub(crate) id: RecordId,
    pub(crate) email: String,
    #[hubspot(name = "headcount")]
    pub(crate) employees: Option<i64>,
    pub(crate) lifecyclestage: Option<Stage>,
}

#[derive(Clone, Debug, PartialEq, PropertyEnum)]
pub(crate) enum Stage {
    Lead,
    #[hubspot(name = "salesqualifiedlead")]
    Qualified,
    Customer,
    Other(String),
}

#[derive(Debug, Record)]
#[hubspot(object = "companies")]
pub(crate) struct Company {
    pub(crate) id: RecordId,
    pub(crate) name: Option<String>,
}

/// A server, an account on it, and a client for the account.
pub(crate) async fn start() -> (MockHubSpot, MockAccount, Client<CrmScopes>) {
    let hubspot = MockHubSpot::start().await.unwrap();
    let account = hubspot.account("acme");
    account.property("contacts", Property::new("headcount", PropertyType::Number));
    let client = account.client();
    (hubspot, account, client)
}
