//! One small call, as often as asked: a contact by its id.

use std::hint::black_box;

use hubspot_generated::Pacing;
use hubspot_generated::models::CrmObject;

use crate::{Outcome, TOKEN, client};

pub(crate) const CONTACT: &str = r#"{"id":"34000000001","properties":{"createdate":"2026-09-01T10:11:12.345Z","email":"ada@example.com","firstname":"Ada","hs_object_id":"34000000001","lastmodifieddate":"2026-09-02T10:11:12.345Z","lastname":"Lovelace"},"createdAt":"2026-09-01T10:11:12.345Z","updatedAt":"2026-09-02T10:11:12.345Z","archived":false}"#;

/// Requests the contact with the client, with the client and no pacing, or with `reqwest`.
pub(crate) async fn get(kind: &str, url: &str, calls: u32) -> Outcome {
    let pacing = match kind {
        "unpaced" => Pacing::none(),
        _ => Pacing::new(),
    };
    let hubspot = client(url).pacing(pacing).build()?;
    let http = reqwest::Client::new();
    for _ in 0..calls {
        if kind == "plain" {
            let request = http.get(format!("{url}/crm/objects/2026-09/contacts/34000000001"));
            let response = request.bearer_auth(TOKEN).send().await?;
            let body = response.error_for_status()?.bytes().await?;
            // The same type, since this is about the call.
            let contact = hubspot_generated::__rt::decode::decode::<CrmObject>(&body);
            black_box(contact.map_err(|error| error.to_string())?);
        } else {
            black_box(hubspot.contacts().get("34000000001").await?);
        }
    }
    Ok(())
}
