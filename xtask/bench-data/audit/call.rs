
/// Counts them.
#[hubspot_scopes("crm.objects.RESOURCE.read")]
pub async fn call_CALL<S>(hubspot: &Client<S>) -> Result<usize, Error> {
    let page = hubspot.v3().RESOURCE().list().limit(100).send().await?;
    Ok(page.results.len() + part_CALL_0(1, "a").len())
}
