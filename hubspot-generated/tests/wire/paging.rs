//! Lists and searches, page by page.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_core::Stream;
use hubspot_generated::models::Search;
use serde_json::{Value, json};

use crate::server::{Server, Step, answer, ok, record};

/// A page of contacts with these ids, and the cursor of the next one.
fn page(ids: &[&str], next: Option<&str>) -> Vec<u8> {
    let results: Vec<_> = ids.iter().map(|id| record(id)).collect();
    let mut page = json!({"results": results, "total": 9});
    if let Some(after) = next {
        page["paging"] = json!({"next": {"after": after, "link": "https://example.com/elsewhere"}});
    }
    ok(&page.to_string())
}

/// The paths that were asked for.
fn paths(server: &Server) -> Vec<String> {
    server
        .lines()
        .iter()
        .map(|line| {
            line.split(' ')
                .nth(1)
                .unwrap()
                .replace("/crm/objects/2026-09", "")
        })
        .collect()
}

#[tokio::test]
async fn items_come_from_all_pages_and_each_page_is_fetched_when_it_is_due() {
    let script = [
        page(&["1", "2"], Some("c/1")),
        page(&[], Some("c2")),
        page(&["3"], None),
    ];
    let server = Server::start(script).await;
    let mut items = server
        .client()
        .contacts()
        .list()
        .limit(2)
        .after("c0")
        .items();
    assert!(server.received().is_empty());
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "2");
    assert_eq!(server.received().len(), 1);
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "3");
    assert!(items.try_next().await.unwrap().is_none());
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(
        paths(&server),
        [
            "/contacts?limit=2&after=c0",
            "/contacts?limit=2&after=c%2F1",
            "/contacts?limit=2&after=c2"
        ]
    );
}

#[tokio::test]
async fn pages_are_a_stream() {
    let server = Server::start([page(&["1", "2"], Some("x")), page(&["3"], Some(""))]).await;
    let mut pages = pin!(server.client().contacts().list().pages());
    let mut sizes = Vec::new();
    while let Some(page) = poll_fn(|context| pages.as_mut().poll_next(context)).await {
        sizes.push(page.unwrap().results.len());
    }
    assert_eq!(sizes, [2, 1]);
}

#[tokio::test]
async fn a_search_takes_its_cursor_in_the_body() {
    let server = Server::start([page(&["1"], Some("100")), page(&["2"], None)]).await;
    let search = Search::new().query("ada").limit(100);
    let mut items = server.client().contacts().search(search).items();
    let mut ids = Vec::new();
    while let Some(contact) = items.try_next().await.unwrap() {
        ids.push(contact.id);
    }
    assert_eq!(ids, ["1", "2"]);
    let bodies: Vec<Value> = server
        .received()
        .iter()
        .map(|request| serde_json::from_str(&request.body).unwrap())
        .collect();
    assert_eq!(
        bodies,
        [
            json!({"query": "ada", "limit": 100}),
            json!({"query": "ada", "limit": 100, "after": "100"})
        ]
    );
    assert_eq!(paths(&server), ["/contacts/search", "/contacts/search"]);
}

#[tokio::test]
async fn a_server_that_goes_in_circles_is_left() {
    let script = [
        page(&["1"], Some("a")),
        page(&["2"], Some("b")),
        page(&["3"], Some("a")),
        page(&["4"], None),
    ];
    let server = Server::start(script).await;
    let mut items = server.client().contacts().list().items();
    for id in ["1", "2", "3"] {
        assert_eq!(items.try_next().await.unwrap().unwrap().id, id);
    }
    let error = items.try_next().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "contacts.list: HubSpot gave the same page cursor twice"
    );
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn an_error_ends_the_pages() {
    let refused = answer("400 Bad Request", r#"{"category": "VALIDATION_ERROR"}"#);
    let server = Server::start([page(&["1"], Some("10000")), refused, page(&["2"], None)]).await;
    let mut items = server.client().contacts().search(Search::new()).items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
    assert_eq!(
        items.try_next().await.unwrap_err().category(),
        Some("VALIDATION_ERROR")
    );
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn waiting_can_be_abandoned_and_taken_up_again() {
    let server = Server::start([
        Step::Answer(page(&["1"], Some("a"))),
        Step::Answer(page(&["2"], None)),
    ])
    .await;
    let mut items = server.client().contacts().list().items();
    let mut ids = Vec::new();
    loop {
        // Every wait is given up after one poll.
        let polled = {
            let mut next = pin!(items.try_next());
            poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await
        };
        match polled {
            Poll::Ready(Ok(Some(contact))) => ids.push(contact.id),
            Poll::Ready(end) => break assert!(end.unwrap().is_none()),
            Poll::Pending => tokio::task::yield_now().await,
        }
    }
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(server.received().len(), 2, "no page was asked for twice");
}
