//! The traits of a scope set are implemented by `scope_set!` only.

use hubspot_generated::scopes::{Declared, DeclaredScopes, ScopeSet, Within, grants};

struct Mine;

impl ScopeSet for Mine {
    const NAME: &'static str = "Mine";
    const DECLARED: DeclaredScopes = hubspot_generated::Unchecked::DECLARED;
}

impl Declared for Mine {}

impl<S> Within<S> for Mine {}

impl grants::CrmSchemasContactsRead for Mine {}

hubspot_generated::scope_set! {
    struct Reader {
        required: ["crm.objects.contacts.read"],
    }
}

impl grants::CrmObjectsContactsWrite for Reader {}

struct NotEvenThat;

impl grants::CrmObjectsContactsRead for NotEvenThat {}

fn main() {}
