//! The everyday jobs of `examples/jobs`, each with its effect on the local HubSpot.

#![allow(
    dead_code,
    reason = "the example has a `main`, and fields that no test reads"
)]

#[path = "../../examples/jobs/main.rs"]
mod jobs;

use hubspot_generated::{Client, RecordId};
use hubspot_mock::{MockAccount, MockHubSpot};
use jobs::contacts::{Attendance, Person};
use jobs::order::{Deal, LineItem, LineItemPatch};
use jobs::{books, companies, contacts, order};

pub(crate) use jobs::JobScopes;

async fn start() -> (MockHubSpot, MockAccount, Client<JobScopes>) {
    let hubspot = MockHubSpot::start().await.unwrap();
    let account = hubspot.account("acme");
    jobs::prepare(&account);
    let client = account.client();
    (hubspot, account, client)
}

#[tokio::test]
async fn companies_are_counted_after_one_is_archived() {
    let (hubspot, account, client) = start().await;
    account.company([("name", "Before")]);
    assert_eq!(companies::create_and_archive(&client).await.unwrap(), 2);
    let journal = hubspot.journal();
    assert_eq!(journal.count("companies.batch_create"), 1);
    assert_eq!(journal.count("companies.batch_archive"), 1);
}

#[tokio::test]
async fn a_merged_company_has_the_values_of_both() {
    let (_hubspot, _account, client) = start().await;
    let merged = companies::merge(&client).await.unwrap();
    assert_eq!(merged.name.as_deref(), Some("Babbage Ltd"));
    assert_eq!(merged.city.as_deref(), Some("London"));
}

#[tokio::test]
async fn books_are_associated_with_their_author_and_found() {
    let (_hubspot, _account, client) = start().await;
    let long = books::publish(&client).await.unwrap();
    let found = long.iter().map(|book| (&*book.title, book.pages));
    assert_eq!(found.collect::<Vec<_>>(), [("Letters", Some(439))]);
    let description = books::describe(&client, "p_book").await.unwrap();
    let description = description.unwrap();
    let (count, words) = description.split_once(' ').unwrap();
    assert!(count.parse::<usize>().unwrap() >= 2);
    assert_eq!(words, "properties");
}

#[tokio::test]
async fn contacts_opt_out_or_are_deleted() {
    let (_hubspot, account, client) = start().await;
    let out = account.contact([("email", "out@example.com"), ("newsletter", "true")]);
    let gone = account.contact([("email", "gone@example.com")]);
    let csv = "email,action\nout@example.com,optout\ngone@example.com,delete\nunknown@example.com,optout\nout@example.com,call\nx";
    let skipped = contacts::opt_out(&client, csv).await.unwrap();
    assert_eq!(
        skipped,
        ["unknown@example.com,optout", "out@example.com,call", "x"]
    );
    let people = client.records::<Person>();
    let out: RecordId = out.parse().unwrap();
    assert_eq!(people.get(out).await.unwrap().newsletter, Some(false));
    let gone: RecordId = gone.parse().unwrap();
    assert!(people.get(gone).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn attendance_is_kept_by_email() {
    let (_hubspot, _account, client) = start().await;
    let registered = "email\na@example.com\nb@example.com";
    let seen = "email\nb@example.com\nc@example.com";
    let (attended, errors) = contacts::attend(&client, registered, seen).await.unwrap();
    assert_eq!((attended, errors.len()), (2, 0));
    let people = client.records::<Person>();
    let event = |email| {
        let people = people.clone();
        async move { people.get_by(Person::EMAIL, email).await.unwrap().event }
    };
    assert_eq!(event("a@example.com").await, Some(Attendance::Registered));
    assert_eq!(event("b@example.com").await, Some(Attendance::Attended));
    assert_eq!(event("c@example.com").await, Some(Attendance::Attended));
}

#[tokio::test]
async fn an_order_is_fulfilled() {
    let (_hubspot, account, client) = start().await;
    let deal = account.record("deals", [("dealname", "Office")]);
    let deal: RecordId = deal.parse().unwrap();
    let other = [("name", "Chair"), ("price", "0"), ("quantity", "3")];
    let other: RecordId = account.record("line_items", other).parse().unwrap();
    order::place(&client, deal).await.unwrap();
    order::fulfil(&client, deal, "closedwon").await.unwrap();
    let items = client.records::<LineItem>();
    let (mut left, mut others) = (Vec::new(), 0);
    let page = items.list().await.unwrap();
    for item in page.results {
        let item = item.unwrap();
        if item.id == other {
            assert_eq!(item.quantity, Some(3), "of no deal");
            others += 1;
            continue;
        }
        assert_eq!(
            items.associated::<Deal>(item.id).all().await.unwrap(),
            [deal]
        );
        left.push((item.name.unwrap(), item.quantity));
    }
    left.sort();
    assert_eq!(others, 1);
    assert_eq!(
        left,
        [("Chair".to_owned(), Some(8)), ("Table".to_owned(), Some(1))]
    );
    let moved = client.records::<Deal>().get(deal).await.unwrap();
    assert_eq!(moved.dealstage.as_deref(), Some("closedwon"));
}

#[tokio::test]
async fn the_inventory_names_what_runs_low() {
    let (_hubspot, _account, client) = start().await;
    let items = client.records::<LineItem>();
    let stock = [("Chair", "c", 10), ("Table", "t", 4)];
    let stock =
        stock.map(|(name, sku, count)| LineItemPatch::new().name(name).sku(sku).quantity(count));
    items.batch_create(stock).await.unwrap();
    assert_eq!(order::take(&client, "c", 3).await.unwrap(), ["Table"]);
    assert_eq!(
        order::take(&client, "c", 5).await.unwrap(),
        ["Chair", "Table"]
    );
}
