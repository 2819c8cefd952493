//! All contacts to a CSV file, and the rows of a CSV file to contacts.
//!
//! Both go on where they were when they are stopped or killed. `cargo run -p transfer --bin export` and `--bin import` run
//! them against HubSpot.

pub mod export;
pub mod import;
pub mod meter;

use hubspot_generated::scope_set;

scope_set! {
    /// What the export and the import need.
    pub struct TransferScopes {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
    }
}
