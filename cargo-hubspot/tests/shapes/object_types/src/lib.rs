//! Code that is generic over object types: the calls count where an object type is named.

use hubspot_generated::object_types::{Companies, Contacts as People};
use hubspot_generated::{Client, Custom, CustomObject, Error, Readable, object_types};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.companies.read",
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.custom.read",
            "crm.objects.line_items.read",
        ],
    }
}

pub struct Car;

impl CustomObject for Car {
    const NAME: &'static str = "p1_car";
}

async fn list<T: Readable<S>, S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.objects_of::<T>().list().send().await?;
    Ok(())
}

pub async fn all(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    list::<People, _>(hubspot).await?; //~ contacts.objects_of.read
    list::<Companies, _>(hubspot).await?; //~ companies.objects_of.read
    list::<Custom<Car>, _>(hubspot).await?; //~ objects.objects_of.read
    hubspot.objects_of::<object_types::LineItems>().get("1").send().await?; //~ line_items.objects_of.read
    Ok(())
}
