//! An app that calls a beta API, which `cargo hubspot generate` made a module of, beside contacts.

/// What `cargo hubspot generate` makes of `openapi/visits.yaml`.
pub mod hubspot;

use hubspot::prelude::*;
use hubspot::v2027_03_beta::models::{NewVisit, VisitOutcome};
use hubspot_generated::{Client, Error, hubspot_scopes};

hubspot::scope_set! {
    /// What the app is installed with: scopes of the client's catalogue and of the module's.
    pub struct FieldScopes {
        required: [
            "crm.objects.contacts.read",
            "field.visits.read",
            "field.visits.write",
        ],
    }
}

/// Records a visit to the contact with this email address, and returns how many there were before.
pub async fn record_visit(hubspot: &Client<FieldScopes>, email: &str) -> Result<usize, Error> {
    let contact = hubspot.contacts().get(email).id_property("email").await?;
    let visits = hubspot.v2027_03_beta().visits();
    let mut earlier = visits.list().limit(50).items();
    let mut count = 0;
    while let Some(visit) = earlier.try_next().await? {
        count += usize::from(visit.contact_id == contact.id);
    }
    visits
        .create(NewVisit::new(contact.id).outcome(VisitOutcome::Met))
        .await?;
    Ok(count)
}

/// Returns how a visit ended. Any of two scopes will do for this operation, one of which is the client's: the function
/// states the requirement as a whole, for a helper that states `crm.objects.contacts.read` alone could not call it.
#[hubspot_scopes(crate = crate::hubspot, any("crm.objects.contacts.read", "field.visits.read"))]
pub async fn outcome<S>(hubspot: &Client<S>, visit_id: &str) -> Result<VisitOutcome, Error> {
    let visit = hubspot.v2027_03_beta().visits().get(visit_id).await?;
    Ok(visit.outcome)
}

/// Returns the id of the contact whom a visit is to. Its scope is the client's, and so is the trait.
#[hubspot_scopes("crm.objects.contacts.read")]
pub async fn contact_of<S>(hubspot: &Client<S>, visit_id: &str) -> Result<String, Error> {
    let contact = hubspot.v2027_03_beta().visits().get_contact(visit_id);
    Ok(contact.await?.id)
}
