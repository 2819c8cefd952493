//! Two companies are created in a batch, one is archived, and the companies are counted again.

use hubspot_generated::{Client, Error, Record, RecordId};

use crate::JobScopes;

#[derive(Debug, Record)]
#[hubspot(object = "companies")]
pub(crate) struct Company {
    pub(crate) id: RecordId,
    pub(crate) name: Option<String>,
    pub(crate) city: Option<String>,
}

/// Returns how many companies there are then.
pub(crate) async fn create_and_archive(hubspot: &Client<JobScopes>) -> Result<usize, Error> {
    let companies = hubspot.records::<Company>();
    let new =
        ["Analytical Engines", "Difference Engines"].map(|name| CompanyPatch::new().name(name));
    let created = companies.batch_create(new).await?.results;
    companies
        .batch_archive(created.iter().map(|company| company.id).take(1))
        .await?;

    let mut all = companies.list().limit(100).items();
    let mut count = 0;
    while all.try_next().await?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// Two companies are created, one is updated, and it is merged into the other.
pub(crate) async fn merge(hubspot: &Client<JobScopes>) -> Result<Company, Error> {
    let companies = hubspot.records::<Company>();
    let one = companies
        .create(CompanyPatch::new().name("Babbage Ltd"))
        .await?;
    let other = companies
        .create(CompanyPatch::new().name("Babbage Limited"))
        .await?;
    companies
        .update(other.id, CompanyPatch::new().city("London"))
        .await?;
    let merged = companies.merge(one.id, other.id).await?;
    companies.get(merged.id).await
}
