//! What a scope set satisfies.

use hubspot_generated::{Client, Unchecked, scope_set};

use super::client;

macro_rules! each_is_enough_to_list_schemas {
    ($($name:ident: $scope:literal),+ $(,)?) => {$(
        scope_set! { struct $name { required: [$scope] } }
        let _ = client::<$name>().schemas().list();
    )+};
}

#[test]
fn any_of_is_satisfied_by_each_alternative() {
    each_is_enough_to_list_schemas! {
        Custom: "crm.objects.custom.read",
        Sensitive: "crm.objects.custom.sensitive.read",
        SensitiveV2: "crm.objects.custom.sensitive.read.v2",
        HighlySensitive: "crm.objects.custom.highly_sensitive.read",
        HighlySensitiveV2: "crm.objects.custom.highly_sensitive.read.v2",
        Schemas: "crm.schemas.custom.read",
    }
}

scope_set! {
    struct Reader {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read"],
    }
}

scope_set! {
    struct ContactReader {
        required: ["crm.objects.contacts.read"],
    }
}

#[test]
fn two_scope_sets_live_in_one_program() {
    let _ = client::<Reader>().companies().list();
    let _ = client::<ContactReader>().contacts().list();
}

#[test]
fn a_client_narrows_to_a_part_of_its_scopes() {
    let narrow: Client<ContactReader> = client::<Reader>().narrow();
    let _ = narrow.contacts().list();
    let _: Client<Reader> = client::<Reader>().narrow();
    let _: Client<Reader> = client::<Unchecked>().narrow();
}

#[test]
fn unchecked_allows_all() {
    let hubspot = client::<Unchecked>();
    let _ = hubspot.contacts().archive("1");
    let _ = hubspot.schemas().list();
    let _ = hubspot.line_items().list();
}

scope_set! {
    struct Assumed {
        required: ["crm.schemas.custom.read"],
        assume: ["crm.schemas.custom.write"],
    }
}

#[test]
fn what_is_assumed_satisfies_the_compiler() {
    let _ = client::<Assumed>().schemas().archive("2-1");
}

scope_set! {
    struct ECommerce {
        required: ["e-commerce"],
    }
}

#[test]
fn one_of_two_ways_to_line_items_is_enough() {
    let _ = client::<ECommerce>().line_items().list();
}
