//! Calls through records: their operations are those of the object types, with the scopes of sensitive fields. The derive is
//! no cause for a note.

use hubspot_generated::{Client, Error, PropertyEnum, Record, RecordId};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.contacts.sensitive.read.v2",
            "crm.objects.companies.read",
            "crm.objects.custom.write",
            "crm.objects.deals.read",
        ],
    }
}

#[derive(Debug, Record)]
#[hubspot(object = "contacts")]
pub struct Lead {
    pub id: RecordId,
    pub email: Option<String>,
    pub stage: Option<Stage>,
}

#[derive(Clone, Debug, PropertyEnum)]
pub enum Stage {
    Customer,
    Other(String),
}

#[derive(Record)]
#[hubspot(object = "contacts")]
pub struct Patient {
    #[hubspot(sensitive)]
    pub diagnosis: Option<String>,
}

#[derive(Record)]
#[hubspot(object = "companies")]
pub struct Company {
    pub name: Option<String>,
}

#[derive(Record)]
#[hubspot(object = "deals")]
pub struct Deal {
    pub dealname: Option<String>,
}

#[derive(Record)]
#[hubspot(object = "p_car")]
pub struct Car {
    pub color: Option<String>,
}

pub async fn leads(hubspot: &Client<AppScopes>, id: RecordId) -> Result<(), Error> {
    let leads = hubspot.records::<Lead>();
    let lead = leads.get(id).await?; //~ contacts.get
    leads.update(lead.id, lead.patch().stage(Stage::Customer)).await?; //~ contacts.update
    let mut found = leads.search(Lead::EMAIL.has_value()).all(); //~ contacts.search
    while found.try_next().await?.is_some() {}
    let report = leads.bulk_upsert(Lead::EMAIL).inputs([lead.patch()]).run().await; //~ contacts.batch_upsert
    drop(report);
    leads.associate(id).with::<Company>(1).await?; //~ associations.set_default
    // HubSpot asks for the scopes of both types, so those of deals are kept.
    leads.associated::<Deal>(id).all().await?; //~ associations.batch_read
    Ok(())
}

pub async fn others(hubspot: &Client<AppScopes>, id: RecordId) -> Result<(), Error> {
    hubspot.records::<Patient>().list().await?; //~ contacts.list
    hubspot.records::<Company>().bulk_read().inputs([id]).next().await; //~ companies.batch_read
    hubspot.records::<Car>().create(CarPatch::new().color("red")).await?; //~ objects.create
    Ok(())
}
