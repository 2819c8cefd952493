//! Code that is generic over the scope set.

use hubspot_generated::scopes::grants;
use hubspot_generated::{Client, Unchecked, hubspot_scopes, scope_set};

use super::client;

scope_set! {
    struct Scopes {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.custom.read"],
    }
}

/// States one scope, and calls what any of several would allow.
#[hubspot_scopes("crm.schemas.custom.read")]
fn object_types<S>(hubspot: &Client<S>) {
    let _ = hubspot.schemas().list();
}

/// The same with a bound by hand.
fn object_types_by_hand<S: grants::CrmSchemasCustomRead>(hubspot: &Client<S>) {
    let _ = hubspot.schemas().list();
    object_types(hubspot);
}

/// States what the operation needs, in another order.
#[hubspot_scopes(any(
    "crm.schemas.custom.read",
    "crm.objects.custom.read",
    "crm.objects.custom.sensitive.read",
    "crm.objects.custom.sensitive.read.v2",
    "crm.objects.custom.highly_sensitive.read",
    "crm.objects.custom.highly_sensitive.read.v2",
))]
fn any_object_types<S>(hubspot: &Client<S>) {
    let _ = hubspot.schemas().list();
}

#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.contacts.write")]
async fn read_and_write<S>(hubspot: Client<S>) -> Result<(), hubspot_generated::Error>
where
    S: 'static,
{
    hubspot.contacts().list().send().await?;
    hubspot.contacts().archive("1").send().await
}

/// Calls helpers; the bound of one scope serves the requirement of another helper.
#[hubspot_scopes(
    "crm.schemas.custom.read",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write"
)]
fn all_of_it<S: 'static>(hubspot: &Client<S>) {
    object_types(hubspot);
    object_types_by_hand(hubspot);
    any_object_types(hubspot);
    drop(read_and_write(hubspot.clone()));
}

/// What the compiler suggests where a helper needs more.
#[hubspot_scopes("crm.objects.contacts.read" + hubspot_generated::scopes::grants::CrmObjectsContactsWrite)]
fn as_suggested<S>(hubspot: &Client<S>) {
    let _ = hubspot.contacts().list();
    let _ = hubspot.contacts().archive("1");
}

struct Service<S> {
    hubspot: Client<S>,
}

impl<S> Service<S> {
    /// A method relies on the `S` of its `impl`.
    #[hubspot_scopes("crm.objects.contacts.read")]
    fn list(&self) {
        let _ = self.hubspot.contacts().list();
    }

    /// An associated function says so.
    #[hubspot_scopes(for S, "crm.objects.contacts.read")]
    fn start(hubspot: Client<S>) -> Self {
        let _ = hubspot.contacts().list();
        Self { hubspot }
    }

    /// A type parameter of its own comes first.
    #[hubspot_scopes(for T, "crm.objects.contacts.write")]
    fn with<T>(self, other: &Client<T>) -> Self {
        let _ = other.contacts().archive("1");
        self
    }
}

trait Job<S> {
    #[hubspot_scopes("crm.objects.contacts.read")]
    fn run(&self);

    #[hubspot_scopes("crm.objects.contacts.read")]
    fn run_twice(&self) {
        self.run();
        self.run();
    }
}

impl<S> Job<S> for Service<S> {
    #[hubspot_scopes("crm.objects.contacts.read")]
    fn run(&self) {
        self.list();
    }
}

mod elsewhere {
    pub(super) use hubspot_generated as hubspot;
}

#[hubspot_scopes(crate = elsewhere::hubspot, "crm.objects.contacts.read")]
fn through_another_path<S>(hubspot: &Client<S>) {
    let _ = hubspot.contacts().list();
}

#[test]
fn helpers_compose() {
    all_of_it(&client::<Scopes>());
    all_of_it(&client::<Unchecked>());
    as_suggested(&client::<Scopes>());
    through_another_path(&client::<Scopes>());
}

#[test]
fn methods_of_generic_types_have_requirements() {
    let service = Service::start(client::<Scopes>());
    service.list();
    service.with(&client::<Scopes>()).run_twice();
}

#[test]
fn a_function_within_a_function_has_them_too() {
    #[hubspot_scopes("crm.objects.contacts.read")]
    fn inner<S>(hubspot: &Client<S>) {
        let _ = hubspot.contacts().list();
    }
    inner(&client::<Scopes>());
}
