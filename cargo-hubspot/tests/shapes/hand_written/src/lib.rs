//! Traits of scope sets that are implemented without `scope_set!`.

use hubspot_generated::Client;
use hubspot_generated::scopes::__private::{BY_SCOPE_SET, ByScopeSet};
use hubspot_generated::scopes::grants;

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.write"],
    }
}

macro_rules! scopes {
    ($name:ident) => {
        hubspot_generated::scope_set! { pub struct $name { required: ["crm.objects.contacts.read"] } }
        pub mod named_by_a_macro {
            hubspot_generated::scope_set! { pub struct Inner { required: ["crm.objects.contacts.read"] } }
        }
    };
}

scopes!(FromMacro);

// The compiler takes the scope for declared.
impl grants::ContactsOr6MoreC2264A53 for AppScopes {
    const WRITTEN_BY_SCOPE_SET: ByScopeSet = BY_SCOPE_SET;
}

impl grants::CrmObjectsContactsWrite for AppScopes {
    const WRITTEN_BY_SCOPE_SET: ByScopeSet = BY_SCOPE_SET;
}

pub fn run(hubspot: &Client<AppScopes>) {
    let _ = hubspot.contacts().list(); //~ contacts.list
    let _ = hubspot.contacts().archive("1"); //~ contacts.archive
    let _ = hubspot.companies().archive("1"); //~ companies.archive
}

pub fn local() {
    struct Reader;
    impl grants::CrmListsRead for Reader {
        const WRITTEN_BY_SCOPE_SET: hubspot_generated::scopes::__private::ByScopeSet =
            <AppScopes as grants::CrmObjectsContactsWrite>::WRITTEN_BY_SCOPE_SET;
    }
    let _ = Reader;
}
