//! Generic helpers that need bounds besides scopes. What the compiler suggests is in the grammar of the attribute: see
//! `pass/bounds.rs`, where it is followed.

use std::fmt::Debug;

use hubspot_generated::scopes::Within;
use hubspot_generated::{Client, hubspot_scopes, scope_set};

scope_set! {
    struct Wide {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
    }
}

fn spawn<F: Future + Send + 'static>(_: F) {}

#[hubspot_scopes("crm.objects.contacts.read")]
fn spawns<S>(hubspot: Client<S>) {
    spawn(async move { hubspot.contacts().list().send().await });
}

#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.contacts.write")]
fn spawns_twice<S>(hubspot: Client<S>) {
    spawn(async move { hubspot.contacts().archive("1").send().await });
}

#[hubspot_scopes("crm.objects.contacts.read")]
fn boxes<'a, S>(hubspot: Client<S>) -> Box<dyn Debug + 'a> {
    let _ = hubspot.contacts().list();
    Box::new(hubspot)
}

#[hubspot_scopes("crm.objects.contacts.read")]
fn narrows<S>(hubspot: &Client<Wide>) -> Client<S> {
    hubspot.narrow()
}

fn show<T: Debug>() {}
fn call<T: for<'a> Fn(&'a str)>() {}
fn convert<T: Into<String>>() {}
fn part<T: Within<Wide>>() {}

#[hubspot_scopes("crm.objects.contacts.read")]
fn asks_for_more<S>(_: &Client<S>) {
    show::<S>();
    call::<S>();
    convert::<S>();
    part::<S>();
}

fn main() {}
