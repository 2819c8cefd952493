//! The client under other names.

pub mod prelude {
    pub use hubspot_generated as hubspot;
    pub use hubspot_generated::Client as Api;
    pub use crate::helpers::*;
}

mod helpers;

use helpers::count;
use prelude::hubspot::v2026_09::contacts::Contacts as People;
use prelude::{Api, hubspot};

hubspot::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read"],
    }
}

type Hub = Api<AppScopes>;

pub async fn run(hub: &Hub) -> Result<usize, hubspot::Error> {
    let people: People<AppScopes> = hub.contacts();
    people.list().send().await?; //~ contacts.list
    hub.v2026_09_companies().await?;
    count(hub).await
}

trait Named {
    async fn v2026_09_companies(&self) -> Result<(), hubspot::Error>;
}

impl Named for Hub {
    async fn v2026_09_companies(&self) -> Result<(), hubspot::Error> {
        self.companies().list().send().await?; //~ companies.list
        Ok(())
    }
}
