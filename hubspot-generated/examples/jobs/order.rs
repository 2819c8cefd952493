//! An order of line items on a deal, and an inventory that is kept in line items.

use hubspot_generated::{AssociationType, Client, Error, Record, RecordId};

use crate::JobScopes;

#[derive(Debug, Record)]
#[hubspot(object = "deals")]
pub(crate) struct Deal {
    pub(crate) id: RecordId,
    pub(crate) dealname: Option<String>,
    pub(crate) dealstage: Option<String>,
}

#[derive(Debug, Record)]
#[hubspot(object = "line_items")]
pub(crate) struct LineItem {
    pub(crate) id: RecordId,
    pub(crate) name: Option<String>,
    #[hubspot(name = "hs_sku")]
    pub(crate) sku: Option<String>,
    pub(crate) price: Option<f64>,
    pub(crate) quantity: Option<i64>,
}

/// HubSpot's type of association from line items to deals.
const TO_DEAL: AssociationType<LineItem, Deal> = AssociationType::hubspot_defined(20);

/// Adds line items to a deal.
pub(crate) async fn place(hubspot: &Client<JobScopes>, deal: RecordId) -> Result<(), Error> {
    let goods = [
        ("Chair", 45.0, 4),
        ("Table", 120.0, 1),
        ("Delivery", 0.0, 1),
    ];
    let goods = goods.map(|(name, price, quantity)| {
        let item = LineItemPatch::new()
            .name(name)
            .price(price)
            .quantity(quantity);
        item.associated_with(TO_DEAL, deal)
    });
    hubspot.records::<LineItem>().batch_create(goods).await?;
    Ok(())
}

/// Doubles the chairs of a deal, drops what costs nothing, and moves the deal to its next stage.
///
/// It searches, and new records take up to a minute to show up in searches: run it that long after [`place`].
pub(crate) async fn fulfil(
    hubspot: &Client<JobScopes>,
    deal: RecordId,
    stage: &str,
) -> Result<(), Error> {
    let (deals, items) = (hubspot.records::<Deal>(), hubspot.records::<LineItem>());
    let ordered = deals.associated::<LineItem>(deal).all().await?;
    let mut chairs = items.search(LineItem::NAME.eq("Chair")).all();
    while let Some(chair) = chairs.try_next().await? {
        let chair = chair?;
        if ordered.contains(&chair.id) {
            let quantity = chair.quantity.map(|quantity| quantity * 2);
            let patch = chair.patch().quantity(quantity);
            items.update(chair.id, patch).await?;
        }
    }
    let mut free = Vec::new();
    let mut unpaid = items.search(LineItem::PRICE.eq(0.0)).all();
    while let Some(item) = unpaid.try_next().await? {
        free.push(item?.id);
    }
    free.retain(|id| ordered.contains(id));
    for free in free.chunks(100) {
        items.batch_archive(free).await?;
    }
    deals
        .update(deal, DealPatch::new().dealstage(stage))
        .await?;
    Ok(())
}

/// Changes the stock of an article, and returns the articles of which fewer than five are left.
pub(crate) async fn take(
    hubspot: &Client<JobScopes>,
    sku: &str,
    count: i64,
) -> Result<Vec<String>, Error> {
    let items = hubspot.records::<LineItem>();
    let mut found = items.search(LineItem::SKU.eq(sku).limit(100)).items();
    while let Some(item) = found.try_next().await? {
        let item = item?;
        let left = item.quantity.unwrap_or(0) - count;
        items.update(item.id, item.patch().quantity(left)).await?;
    }
    let mut low = items
        .search(
            LineItem::QUANTITY
                .lt(5)
                .sort(LineItem::QUANTITY.ascending()),
        )
        .items();
    let mut names = Vec::new();
    while let Some(item) = low.try_next().await? {
        names.extend(item?.name);
    }
    Ok(names)
}
