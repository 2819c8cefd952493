//! Walks over all records, and creates that are settled, against responses that the local HubSpot does not give.

use hubspot_generated::Settled;
use hubspot_generated::models::{CreateObject, Search};
use serde_json::json;

use crate::server::{Server, ok, record, response, response_with};

fn page(ids: &[&str], next: Option<&str>) -> Vec<u8> {
    let results: Vec<_> = ids.iter().map(|id| record(id)).collect();
    let mut page = json!({"results": results, "total": 9});
    if let Some(after) = next {
        page["paging"] = json!({"next": {"after": after}});
    }
    ok(&page.to_string())
}

/// Lists that are not ordered by id, or whose ids are not numbers.
#[tokio::test]
async fn a_list_is_returned_whole_whatever_its_order() {
    let lists = [
        [["5", "3"], ["4", "9"], ["1", "2"]],
        [["b", "a"], ["f", "c"], ["e", "d"]],
        [["7", "x"], ["3", "y"], ["1", "z"]],
    ];
    for list in lists {
        let pages = || {
            [Some("p1"), Some("p2"), None]
                .into_iter()
                .zip(&list)
                .map(|(next, ids)| page(ids, next))
        };
        for stop in 0..=6 {
            // A resumed walk requests the page again on which the other one was stopped.
            let read = usize::div_ceil(stop, 2);
            let again = if stop == 0 { 0 } else { read - 1 };
            let script = pages().take(read).chain(pages().skip(again));
            let server = Server::start(script).await;
            let client = server.client();
            let walk = || client.contacts().list().limit(2).all();
            let (mut first, mut found) = (walk(), Vec::new());
            for _ in 0..stop {
                found.push(first.try_next().await.unwrap().unwrap().id);
            }
            let mut rest = walk().resume(&first.cursor());
            while let Some(contact) = rest.try_next().await.unwrap() {
                found.push(contact.id);
            }
            assert_eq!(found, list.concat(), "stopped after {stop}");
        }
    }
}

/// The record behind which a walk was stopped is gone when it goes on. Its page shows which others were returned, or they
/// are returned again.
#[tokio::test]
async fn a_gone_record_does_not_hide_others() {
    for (first, stop, later, expected) in [
        (vec!["3", "5"], 1, vec!["4", "5"], vec!["4", "5"]),
        (vec!["5", "3"], 1, vec!["4", "3"], vec!["4", "3"]),
        (vec!["5", "3"], 1, vec!["3"], vec!["3"]),
        (vec!["5", "3", "7"], 1, vec!["3", "7"], vec!["3", "7"]),
        (
            vec!["5", "1", "3", "7"],
            1,
            vec!["1", "3", "7"],
            vec!["1", "3", "7"],
        ),
        (vec!["a", "b"], 1, vec!["b", "c"], vec!["b", "c"]),
        (vec!["1", "3", "5", "7"], 3, vec!["1", "3", "7"], vec!["7"]),
        (vec!["7", "3", "5", "1"], 3, vec!["7", "3", "1"], vec!["1"]),
        (vec!["b", "a", "c"], 2, vec!["b", "c"], vec!["c"]),
        (vec!["1", "3", "5"], 3, vec!["1", "3"], vec![]),
        (vec!["1", "3", "5", "7"], 3, vec!["1", "7"], vec!["1", "7"]),
    ] {
        let server = Server::start([page(&first, Some("p1")), page(&later, None)]).await;
        let client = server.client();
        let walk = || client.contacts().list().limit(4).all();
        let mut stopped = walk();
        for _ in 0..stop {
            stopped.try_next().await.unwrap();
        }
        let mut rest = walk().resume(&stopped.cursor());
        let mut found = Vec::new();
        while let Some(contact) = rest.try_next().await.unwrap() {
            found.push(contact.id);
        }
        assert_eq!(found, expected, "{first:?}");
    }
}

/// A walk is stopped twice on one page, and the last record is gone then.
#[tokio::test]
async fn a_walk_that_is_stopped_twice_on_a_page_knows_all_that_it_returned() {
    let whole = page(&["4", "2", "3", "1"], None);
    let script = [whole.clone(), whole, page(&["4", "2", "1"], None)];
    let server = Server::start(script).await;
    let client = server.client();
    let mut cursor = None::<String>;
    let mut found = Vec::new();
    for count in [2, 1, 9] {
        let mut walk = client.contacts().list().limit(4).all();
        if let Some(cursor) = &cursor {
            walk = walk.resume(cursor);
        }
        for _ in 0..count {
            found.extend(walk.try_next().await.unwrap().map(|contact| contact.id));
        }
        cursor = Some(walk.cursor());
    }
    assert_eq!(found, ["4", "2", "3", "1"]);
}

/// A runtime that was left with a request ahead may have ended, or nothing drives it.
#[test]
fn a_walk_goes_on_in_another_runtime() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let mut servers = tokio::runtime::Builder::new_multi_thread();
    let servers = servers.worker_threads(1).enable_all().build().unwrap();
    for has_ended in [true, false] {
        let pages = || {
            [
                page(&["1"], Some("2")),
                page(&["2"], None),
                page(&["2"], None),
            ]
        };
        let (list, items) = servers
            .block_on(async { (Server::start(pages()).await, Server::start(pages()).await) });
        let first = runtime();
        let recorder = hubspot_generated::ScopeRecorder::new("walk");
        let client = list.builder().record_scopes(&recorder).build().unwrap();
        let mut walk = client.contacts().list().all().prefetch(true);
        let mut items = items.client().contacts().list().items().prefetch(true);
        first.block_on(async {
            assert_eq!(walk.try_next().await.unwrap().unwrap().id, "1");
            assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
        });
        let kept = (!has_ended).then_some(first);
        let rest = async {
            assert_eq!(walk.try_next().await.unwrap().unwrap().id, "2");
            assert_eq!(items.try_next().await.unwrap().unwrap().id, "2");
        };
        let limit = std::time::Duration::from_secs(10);
        let rest = runtime().block_on(async { tokio::time::timeout(limit, rest).await });
        assert!(rest.is_ok(), "it waits for ever; ended: {has_ended}");
        let calls: Vec<u64> = recorder.calls().iter().map(|(_, calls)| *calls).collect();
        assert_eq!(calls, [2], "a page that is sent again counts once");
        drop(kept);
    }
}

#[tokio::test]
async fn a_walk_that_does_not_get_on_is_an_error() {
    let list = [page(&["1"], Some("a")), page(&["2"], Some("a"))];
    let server = Server::start(list).await;
    let mut walk = server.client().contacts().list().all();
    assert_eq!(walk.try_next().await.unwrap().unwrap().id, "1");
    assert!(walk.try_next().await.is_err());

    for ids in [["1", "2"], ["", "x"]] {
        let search = [page(&["1", "2"], Some("2")), page(&ids, Some("2"))];
        let server = Server::start(search).await;
        let mut walk = server.client().contacts().search(Search::new()).all();
        walk.try_next().await.unwrap();
        walk.try_next().await.unwrap();
        assert!(walk.try_next().await.is_err(), "{ids:?}");
    }
}

#[tokio::test]
async fn the_next_page_is_requested_ahead_only_if_wanted() {
    let pages = || [page(&["1", "2"], Some("2")), page(&["3"], None)];
    for (prefetch, requests) in [(false, 1), (true, 2)] {
        for kind in ["list", "search", "pages"] {
            let server = Server::start(pages()).await;
            let contacts = server.client();
            let contacts = contacts.contacts();
            let cursor = match kind {
                "list" => {
                    let mut walk = contacts.list().limit(2).all().prefetch(prefetch);
                    walk.try_next().await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    assert_eq!(server.received().len(), requests, "{kind}");
                    let cursor = walk.cursor();
                    assert_eq!(walk.try_next().await.unwrap().unwrap().id, "2");
                    assert_eq!(walk.try_next().await.unwrap().unwrap().id, "3");
                    assert!(walk.try_next().await.unwrap().is_none());
                    cursor
                }
                "search" => {
                    let search = contacts.search(Search::new()).all();
                    let mut walk = search.prefetch(prefetch);
                    walk.try_next().await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    assert_eq!(server.received().len(), requests, "{kind}");
                    assert_eq!(walk.try_next().await.unwrap().unwrap().id, "2");
                    assert_eq!(walk.try_next().await.unwrap().unwrap().id, "3");
                    let second = &server.received()[1].body;
                    assert!(second.contains(r#""operator":"GT""#), "{second}");
                    assert!(second.contains(r#""value":"2""#), "{second}");
                    ".1.".to_owned()
                }
                _ => {
                    let mut items = contacts.list().limit(2).items().prefetch(prefetch);
                    items.try_next().await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    assert_eq!(server.received().len(), requests, "{kind}");
                    assert_eq!(items.cursor(), None, "the first page has unread items");
                    assert_eq!(items.try_next().await.unwrap().unwrap().id, "2");
                    assert_eq!(items.try_next().await.unwrap().unwrap().id, "3");
                    ".1.".to_owned()
                }
            };
            assert!(cursor.contains(".1."), "behind the first record: {cursor}");
            assert_eq!(server.received().len(), 2, "{kind}");
        }
    }
}

/// A proxy may remove HubSpot's `Date`, which tells a record's age.
#[tokio::test]
async fn without_a_date_a_conflict_is_still_an_existing_record() {
    let conflict = || {
        response(
            "409 Conflict",
            r#"{"category": "CONFLICT", "message": "x"}"#,
        )
    };
    let lost = || response_with("504 Gateway Timeout", "content-type: text/html", "");
    let found = || ok(&record("7").to_string());
    let create = |server: &Server| {
        let client = server.client();
        let create = client
            .contacts()
            .create(CreateObject::new([("email", "ada@example.com")]));
        (client, create)
    };

    let server = Server::start([conflict(), found()]).await;
    let (client, request) = create(&server);
    let ensured = request.ensure_by("email", |email| client.contacts().get(email));
    let Settled::Existing(contact) = ensured.await.unwrap() else {
        panic!("a conflict is a record that exists");
    };
    assert_eq!(contact.id, "7");

    let server = Server::start([lost(), found()]).await;
    let (client, request) = create(&server);
    let settled = request.settle_by("email", |email| client.contacts().get(email));
    let settled = settled.await.unwrap();
    assert!(matches!(settled, Settled::Unknown(_)), "{settled:?}");
}
