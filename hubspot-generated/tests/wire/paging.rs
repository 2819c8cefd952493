//! Walks over lists and searches.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_core::Stream;
use hubspot_generated::models::Search;
use serde_json::{Value, json};

use crate::server::{Server, Step, ok, record, response};

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
        "contacts.list (GET /crm/objects/2026-09/contacts): HubSpot returned the same page cursor twice"
    );
    assert!(items.try_next().await.is_err(), "it is not the end");
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_not_read_again() {
    let server = Server::start([page(&["1"], Some("a")), page(&["1"], None)]).await;
    let mut items = server.client().contacts().list().after("a").items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
    assert!(items.try_next().await.is_err());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn what_else_a_body_holds_stays_as_it_was_written() {
    let server = Server::start([page(&["1"], Some("100")), page(&["2"], None)]).await;
    let body = r#"{"after": 18446744073709551616, "least": 1.10, "most": 18446744073709551617}"#;
    let body: Box<serde_json::value::RawValue> = serde_json::from_str(body).unwrap();
    let search = server.client().contacts().search(Search::new()).json(body);
    let mut items = search.items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "2");
    assert_eq!(
        server.received()[1].body,
        r#"{"after":"100","least":1.10,"most":18446744073709551617}"#
    );
}

#[tokio::test]
async fn an_error_leaves_the_walk_where_it_is() {
    let refused = || response("400 Bad Request", r#"{"category": "VALIDATION_ERROR"}"#);
    let unreadable = || ok(r#"{"results": 7}"#);
    let server = Server::start([
        page(&["1", "2"], Some("c1")),
        refused(),
        unreadable(),
        response("502 Bad Gateway", ""),
        page(&["3", "4"], Some("c2")),
        refused(),
        page(&["5"], None),
    ])
    .await;
    let hubspot = server.builder().max_retries(0).build().unwrap();
    let mut items = hubspot.contacts().search(Search::new()).items();
    let (mut ids, mut errors) = (Vec::new(), 0);
    loop {
        match items.try_next().await {
            Ok(Some(contact)) => ids.push(contact.id),
            Ok(None) => break,
            Err(_) => {
                errors += 1;
                assert_eq!(items.cursor(), Some(if errors < 4 { "c1" } else { "c2" }));
            }
        }
    }
    assert_eq!((ids.join(","), errors), ("1,2,3,4,5".to_owned(), 4));
    let received = server.received();
    assert!(
        received[1..5]
            .iter()
            .all(|request| request.body.contains("\"c1\""))
    );
    assert!(
        received[5..]
            .iter()
            .all(|request| request.body.contains("\"c2\""))
    );
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.received().len(), 7, "the end is the end");
}

#[tokio::test]
async fn a_first_page_that_fails_is_requested_again() {
    let script = [response("404 Not Found", ""), page(&["1"], None)];
    let server = Server::start(script).await;
    let mut pages = pin!(server.client().contacts().list().after("c0").pages());
    assert_eq!(pages.cursor(), Some("c0"));
    let mut next = async || poll_fn(|context| pages.as_mut().poll_next(context)).await;
    assert!(next().await.unwrap().unwrap_err().is_not_found());
    assert_eq!(next().await.unwrap().unwrap().results.len(), 1);
    assert!(next().await.is_none());
    assert_eq!(paths(&server), ["/contacts?after=c0"; 2]);
}

#[tokio::test]
async fn a_cursor_continues_a_walk_without_leaving_items_out() {
    let server = Server::start([
        page(&["1", "2"], Some("c1")),
        page(&["3", "4"], Some("c2")),
        page(&["3", "4"], Some("c2")),
        page(&["5"], None),
    ])
    .await;
    let contacts = server.client().contacts();
    let mut items = contacts.list().items();
    let mut cursors = vec![items.cursor().map(str::to_owned)];
    for _ in 0..3 {
        items.try_next().await.unwrap().unwrap();
        cursors.push(items.cursor().map(str::to_owned));
    }
    // "2" is still to come from the first page, "4" from the page of `c1`.
    let c1 = || Some("c1".to_owned());
    assert_eq!(cursors, [None, None, c1(), c1()]);

    let mut items = contacts.list().after("c1").items();
    let mut ids = Vec::new();
    while let Some(contact) = items.try_next().await.unwrap() {
        ids.push(contact.id);
    }
    assert_eq!(ids, ["3", "4", "5"]);
    assert_eq!(items.cursor(), None);

    let search = Search::new().after("17");
    assert_eq!(contacts.search(search).pages().cursor(), Some("17"));
}

#[tokio::test]
async fn a_list_ends_where_there_is_no_cursor() {
    for paging in [
        "{}",
        "null",
        r#"{"next": {}}"#,
        r#"{"next": null}"#,
        r#"{"next": {"after": null}}"#,
        r#"{"next": {"after": ""}}"#,
        r#"{"next": {"link": null}}"#,
        r#"{"next": {"link": ""}}"#,
        r#"{"prev": {}}"#,
    ] {
        let body = format!(r#"{{"results": [{}], "paging": {paging}}}"#, record("1"));
        let server = Server::start([ok(&body), ok(&body)]).await;
        let contacts = server.client().contacts();
        let mut items = contacts.list().items();
        assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
        assert!(items.try_next().await.unwrap().is_none(), "{paging}");
        let page = contacts.search(Search::new()).send().await.unwrap();
        assert_eq!((page.results.len(), page.total), (1, None), "{paging}");
    }
}

/// What stands in `next`, and the cursor of its link.
const LINKS: [(&str, Option<&str>); 8] = [
    (
        r#"{"link": "https://api.hubapi.com/crm/x?limit=1&after=c%2F1&properties=email"}"#,
        Some("c/1"),
    ),
    (r#"{"link": "?after=7#top"}"#, Some("7")),
    (r#"{"after": null, "link": "/x?after=7"}"#, Some("7")),
    (
        r#"{"after": "", "link": "https://example.com/elsewhere?after=7"}"#,
        Some("7"),
    ),
    (
        r#"{"after": "1", "link": "https://api.hubapi.com/x?after=7"}"#,
        Some("1"),
    ),
    (r#"{"link": "https://api.hubapi.com/crm/x?limit=1"}"#, None),
    (r#"{"link": "https://api.hubapi.com/crm/x?after="}"#, None),
    (
        r#"{"link": "https://api.hubapi.com/crm/x?before=7&xafter=1"}"#,
        None,
    ),
];

#[tokio::test]
async fn a_link_to_the_next_page_is_followed_or_reported() {
    for (next, after) in LINKS {
        let first = format!(
            r#"{{"results": [{}], "paging": {{"next": {next}}}}}"#,
            record("1")
        );
        let server = Server::start([
            ok(&first),
            page(&["2"], None),
            ok(&first),
            page(&["2"], None),
        ])
        .await;
        let contacts = server.client().contacts();
        let mut items = contacts.list().items();
        assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
        assert_eq!(items.cursor(), after, "{next}");
        let Some(after) = after else {
            let error = items.try_next().await.unwrap_err();
            let expected = "there is a next page, but HubSpot's link to it has no cursor";
            assert!(
                error.to_string().ends_with(expected) && !error.is_retryable(),
                "{error}"
            );
            assert!(items.try_next().await.is_err(), "it is not the end");
            continue;
        };
        assert_eq!(items.try_next().await.unwrap().unwrap().id, "2", "{next}");
        assert!(items.try_next().await.unwrap().is_none());
        let encoded = after.replace('/', "%2F");
        assert_eq!(paths(&server)[1], format!("/contacts?after={encoded}"));

        let mut pages = contacts.search(Search::new()).pages();
        pages.try_next().await.unwrap().unwrap();
        pages.try_next().await.unwrap().unwrap();
        assert_eq!(
            server.received()[3].body,
            json!({"after": after}).to_string()
        );
    }
}

#[tokio::test]
async fn a_cursor_may_be_a_number() {
    let first = r#"{"results": [], "total": "2", "paging": {"next": {"after": 9007199254740993}}}"#;
    let server = Server::start([ok(first), ok(r#"{"results": []}"#), ok(first)]).await;
    let contacts = server.client().contacts();
    let mut items = contacts.list().items();
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(
        paths(&server),
        ["/contacts", "/contacts?after=9007199254740993"]
    );
    let page = contacts.search(Search::new()).send().await.unwrap();
    assert_eq!(page.total, Some(2));
}

#[tokio::test]
async fn waiting_can_be_abandoned_and_taken_up_again() {
    let server = Server::start([
        Step::Respond(page(&["1"], Some("a"))),
        Step::Respond(page(&["2"], None)),
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
