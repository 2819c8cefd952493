//! An app that calls a beta API, whose module the build script generates.

/// The module that the build script generates.
pub mod hubspot {
    include!(concat!(env!("OUT_DIR"), "/hubspot/mod.rs"));
}

use hubspot::prelude::*;
use hubspot_generated::{Client, Error};

hubspot::scope_set! {
    /// What the app is installed with.
    pub struct VisitScopes {
        required: ["field.visits.read"],
    }
}

/// Returns the ids of the first ten visits.
pub async fn first_visits(hubspot: &Client<VisitScopes>) -> Result<Vec<String>, Error> {
    let page = hubspot.beta().visits().list().limit(10).await?;
    Ok(page.results.into_iter().map(|visit| visit.id).collect())
}
