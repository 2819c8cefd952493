//! Calls in closures, in blocks that wait, and outside of functions.

use std::pin::Pin;

use hubspot_generated::v2026_09::contacts::Contacts;
use hubspot_generated::bulk;
use hubspot_generated::models::{BatchCreateInput, CreateObject, ObjectPage};
use hubspot_generated::requests::ListObjects;
use hubspot_generated::{Client, Error, Request};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.companies.write"],
    }
}

type List = fn(&Contacts<AppScopes>) -> Request<ObjectPage, ListObjects>;

pub static LIST: List = Contacts::list; //~ contacts.list

pub const LISTS: [List; 2] = [
    Contacts::list, //~ contacts.list
    |contacts| contacts.list(), //~ contacts.list
];

pub fn lazy(hubspot: Client<AppScopes>) -> impl Fn() -> Request<ObjectPage, ListObjects> {
    move || hubspot.companies().list() //~ companies.list
}

pub fn boxed<'a>(hubspot: &'a Client<AppScopes>) -> Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>> {
    fn nested(hubspot: &Client<AppScopes>) -> Request<ObjectPage, ListObjects> {
        hubspot.contacts().list() //~ contacts.list
    }
    Box::pin(async move {
        let first = async { hubspot.contacts().get("1").await }; //~ contacts.get
        first.await?;
        let each = async |id: &str| hubspot.companies().get(id).await.map(drop); //~ companies.get
        each("1").await?;
        nested(hubspot).await?;
        Ok(())
    })
}

/// The operation of a run counts like any other call, and so does the one that settles its creates.
pub async fn import(hubspot: Client<AppScopes>, rows: Vec<BatchCreateInput>) -> bool {
    let create = bulk::create(|batch| hubspot.companies().batch_create(batch)); //~ companies.batch_create
    let create = create.settle_by("ticker", |batch| hubspot.companies().batch_read(batch)); //~ companies.batch_read
    create.inputs(rows).run().await.is_complete()
}

pub async fn ensure(hubspot: Client<AppScopes>, company: CreateObject) -> Result<bool, Error> {
    let create = hubspot.companies().create(company); //~ companies.create
    let settled = create.ensure_by("ticker", |ticker| hubspot.companies().get(ticker)).await?; //~ companies.get
    Ok(settled.record().is_some())
}
