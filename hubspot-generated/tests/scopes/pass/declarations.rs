//! What a declaration says at run time.

use hubspot_generated::scopes::DeclaredScopes;
use hubspot_generated::{ScopeSet, Unchecked, scope_set};

scope_set! {
    /// Has every list.
    #[derive(Debug)]
    pub(crate) struct EveryList {
        required: ["crm.objects.contacts.read"],
        conditional: ["crm.objects.contacts.write"],
        optional: ["crm.objects.companies.read"],
        unlisted: ["newer.than.this"],
        assume: ["crm.schemas.custom.write"],
    }
}

#[test]
fn the_lists_are_kept() {
    assert_eq!(EveryList::NAME, "EveryList");
    let declared = DeclaredScopes {
        required: &["crm.objects.contacts.read"],
        conditional: &["crm.objects.contacts.write"],
        optional: &["crm.objects.companies.read"],
        unlisted: &["newer.than.this"],
        assumed: &["crm.schemas.custom.write"],
    };
    assert_eq!(EveryList::DECLARED, declared);
    assert_eq!(Unchecked::DECLARED, DeclaredScopes::default());
}

scope_set!(struct FromFile = "pass/app-hsmeta.json");

scope_set! {
    struct FromFileAndMore = "pass/app-hsmeta.json" {
        assume: ["crm.schemas.custom.write"],
    }
}

#[test]
fn a_file_gives_the_same_lists() {
    let declared = DeclaredScopes {
        required: &["oauth", "crm.objects.contacts.read", "newer.than.this"],
        conditional: &["crm.objects.contacts.write"],
        optional: &["crm.objects.companies.read"],
        unlisted: &[],
        assumed: &[],
    };
    assert_eq!(FromFile::DECLARED, declared);
    assert_eq!(
        FromFileAndMore::DECLARED,
        DeclaredScopes {
            assumed: &["crm.schemas.custom.write"],
            ..declared
        }
    );
    let _ = super::client::<FromFile>().contacts().list();
    let _ = super::client::<FromFileAndMore>().schemas().archive("2-1");
}

#[test]
fn a_scope_set_takes_no_room() {
    assert_eq!(size_of::<EveryList>(), 0);
}

/// Code that takes no exception from its lints may declare scopes, even none.
#[forbid(deprecated, missing_debug_implementations, unused_imports)]
mod strict {
    hubspot_generated::scope_set! {
        /// Has one scope.
        #[derive(Debug)]
        pub(super) struct One {
            required: ["crm.objects.contacts.read"],
        }
    }

    hubspot_generated::scope_set! {
        /// Has none that a call could need.
        #[derive(Debug)]
        pub(super) struct None {
            required: ["oauth"],
        }
    }
}

#[test]
fn strict_code_may_declare_scopes() {
    let _ = super::client::<strict::One>().contacts().list();
    let _ = super::client::<strict::None>();
}
