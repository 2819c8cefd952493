//! Operations on records whose scopes are not declared: of the object type, of a custom object, of either of two scopes,
//! and of sensitive properties.

use hubspot_generated::{Client, Record, RecordId, scope_set};

scope_set! {
    pub struct ReadScopes {
        required: ["crm.objects.contacts.read"],
    }
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Lead {
    id: RecordId,
    email: Option<String>,
}

#[derive(Record)]
#[hubspot(object = "p_car")]
struct Car {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "line_items")]
struct Item {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Patient {
    id: RecordId,
    #[hubspot(highly_sensitive)]
    diagnosis: Option<String>,
}

fn calls(hubspot: Client<ReadScopes>) {
    let leads = hubspot.records::<Lead>();
    let _ = leads.get(1);
    let _ = leads.archive(1);
    let _ = hubspot.records::<Car>().get(1);
    let _ = hubspot.records::<Item>().list();
    let _ = hubspot.records::<Patient>().get(1);
}

fn main() {}
