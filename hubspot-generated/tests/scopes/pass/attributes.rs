//! Attributes on a declared struct, and on functions with scopes.

use hubspot_generated::{Client, hubspot_scopes, scope_set};

use super::client;

// Compiled for no configuration: neither the type nor what implements its traits, nor the mistake.
scope_set! {
    #[cfg(any())]
    struct Nowhere {
        required: ["crm.objects.contacts.read", "no.such.scope"],
    }
}

scope_set! {
    #[cfg_attr(all(), cfg(any()))]
    struct NowhereEither {
        required: ["crm.objects.contacts.read"],
    }
}

scope_set!(#[cfg(any())] struct NowhereFromFile = "no/such/file.json");

// One name, once.
scope_set! {
    #[cfg(not(any()))]
    struct ByConfiguration {
        required: ["crm.objects.contacts.read"],
    }
}

scope_set! {
    #[cfg(not(all()))]
    struct ByConfiguration {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
    }
}

#[hubspot_scopes("no.such.scope")]
#[cfg(any())]
fn nowhere<S>(_: &Client<S>) {}

#[hubspot_scopes("crm.objects.contacts.read")]
#[cfg(not(any()))]
fn here<S>(hubspot: &Client<S>) {
    let _ = hubspot.contacts().list();
}

#[deny(deprecated, non_camel_case_types)]
mod strict {
    hubspot_generated::scope_set! {
        /// Superseded.
        #[deprecated(note = "use the other one")]
        #[doc(alias = "old")]
        #[cfg_attr(all(), derive(Debug), allow(non_camel_case_types))]
        pub(super) struct old_scopes {
            required: ["crm.objects.contacts.read"],
        }
    }
}

#[test]
fn attributes_apply_to_everything_that_is_declared() {
    here(&client::<ByConfiguration>());
    #[expect(deprecated, reason = "the attribute is on the type")]
    let _ = client::<strict::old_scopes>().contacts().list();
}
