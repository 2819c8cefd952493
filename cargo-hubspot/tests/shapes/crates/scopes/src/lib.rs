//! One scope set for several binaries, in a package that calls nothing.

pub use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct Shared {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.goals.read"],
    }
}
