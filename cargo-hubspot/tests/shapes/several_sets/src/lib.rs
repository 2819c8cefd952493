//! Two scope sets: each is judged against the calls of both.

use hubspot_generated::{Client, Error};

pub mod read {
    hubspot_generated::scope_set! {
        pub struct Scopes {
            required: ["crm.objects.contacts.read", "crm.objects.deals.read"],
        }
    }
}

pub mod write {
    hubspot_generated::scope_set! {
        pub struct Scopes {
            required: ["crm.objects.contacts.read"],
            conditional: ["crm.objects.contacts.write", "crm.objects.goals.read"],
        }
    }
}

hubspot_generated::scope_set! { pub struct Full { required: ["crm.objects.contacts.write", "crm.objects.contacts.read"] } }

pub async fn run(reader: &Client<read::Scopes>, full: &Client<Full>) -> Result<(), Error> {
    reader.contacts().list().send().await?; //~ contacts.list
    full.narrow::<read2::Only>().contacts().get("1").send().await?; //~ contacts.get
    full.contacts().archive("1").await //~ contacts.archive
}

mod read2 {
    hubspot_generated::scope_set!(pub struct Only { required: ["crm.objects.contacts.read"] });
}
