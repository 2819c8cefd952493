//! Records that would show sensitive values, have one setter twice or the name of a parameter, and operations that HubSpot
//! does not offer for an object type.

use hubspot_generated::{Client, Record, RecordId, scope_set};

scope_set! {
    pub struct AnyScopes {
        required: ["crm.objects.partner-clients.read", "crm.objects.partner-clients.write"],
    }
}

#[derive(Debug, Record)]
#[hubspot(object = "contacts")]
struct Patient {
    id: RecordId,
    #[hubspot(sensitive)]
    diagnosis: Option<String>,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Setters {
    from: Option<String>,
    from_: Option<String>,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct S {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "forecasts")]
struct Forecast {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "partner_clients")]
struct Partner {
    id: RecordId,
}

fn calls(hubspot: Client<AnyScopes>) {
    let _ = hubspot.records::<Forecast>().create(ForecastPatch::new());
    let _ = hubspot.records::<Partner>().batch_read([RecordId::from(1)]);
}

fn main() {}
