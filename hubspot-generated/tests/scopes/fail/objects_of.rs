//! Operations on object types that are known at compile time, without the scopes of these types.

use hubspot_generated::models::CreateObject;
use hubspot_generated::object_types::{Companies, Contacts, LineItems};
use hubspot_generated::{Client, Custom, CustomObject, Readable, scope_set};

scope_set! {
    pub struct ReadScopes {
        required: ["crm.objects.contacts.read"],
    }
}

struct Car;

impl CustomObject for Car {
    const NAME: &'static str = "p_car";
}

fn list<T: Readable<S>, S>(hubspot: &Client<S>) {
    let _ = hubspot.objects_of::<T>().list();
}

fn archive<T: Readable<S>, S>(hubspot: &Client<S>) {
    let _ = hubspot.objects_of::<T>().archive("1");
}

fn calls(hubspot: Client<ReadScopes>, contact: CreateObject) {
    let _ = hubspot.objects_of::<Contacts>().list();
    let _ = hubspot.objects_of::<Contacts>().create(contact);
    let _ = hubspot.objects_of::<Companies>().get("1");
    let _ = hubspot.objects_of::<LineItems>().list();
    let _ = hubspot.objects_of::<Custom<Car>>().list();
    list::<Contacts, _>(&hubspot);
    list::<Companies, _>(&hubspot);
}

fn main() {}
