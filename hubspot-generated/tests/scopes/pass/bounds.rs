//! Bounds besides scopes, as the compiler suggests them in `fail/helper_needs_bounds.rs`.

use std::fmt::Debug;

use hubspot_generated::{Client, Unchecked, hubspot_scopes, scope_set};

use super::client;

scope_set! {
    struct Wide {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
    }
}

scope_set! {
    #[derive(Debug)]
    struct Reader {
        required: ["crm.objects.contacts.read"],
    }
}

fn spawn<F: Future + Send + 'static>(future: F) {
    drop(future);
}

#[hubspot_scopes("crm.objects.contacts.read" + 'static, "crm.objects.contacts.write")]
fn spawns<S>(hubspot: Client<S>) {
    spawn(async move { hubspot.contacts().archive("1").send().await });
}

#[hubspot_scopes("crm.objects.contacts.read" + 'a)]
fn boxes<'a, S>(hubspot: Client<S>) -> Box<dyn Debug + 'a> {
    let _ = hubspot.contacts().list();
    Box::new(hubspot)
}

#[hubspot_scopes("crm.objects.contacts.read" + hubspot_generated::scopes::Within<Wide>)]
fn narrows<S>(hubspot: &Client<Wide>) -> Client<S> {
    hubspot.narrow()
}

fn show<T: Debug>() {}

#[hubspot_scopes("crm.objects.contacts.read" + std::fmt::Debug + ::core::marker::Send)]
fn shows<S>(_: &Client<S>) {
    show::<S>();
}

#[hubspot_scopes("crm.objects.contacts.read", std::string::String: From<S>)]
fn converts<S>(value: S) -> String {
    value.into()
}

#[hubspot_scopes("crm.objects.contacts.read" + ?Sized)]
fn takes_what_has_no_size<S>(_: &S) {}

#[hubspot_scopes("crm.objects.contacts.read" + for<'a> std::cmp::PartialEq<&'a str>)]
fn compares<S>(value: &S) -> bool {
    *value == "a"
}

#[test]
fn bounds_stand_beside_scopes() {
    spawns(client::<Wide>());
    boxes(client::<Reader>());
    let narrowed: Client<Reader> = narrows(&client::<Wide>());
    shows(&narrowed);
    // Those that no scope set can have compile without being called.
    let _ = converts::<Never>;
    let _ = compares::<Never>;
    let _ = takes_what_has_no_size::<Unchecked>;
}

/// A scope set with implementations that a user may add.
type Never = Reader;

impl From<Reader> for String {
    fn from(reader: Reader) -> Self {
        match reader {}
    }
}

impl PartialEq<&str> for Reader {
    fn eq(&self, _: &&str) -> bool {
        match *self {}
    }
}
