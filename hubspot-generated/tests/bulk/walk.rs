//! Walks over all records of a search or a list.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use hubspot_generated::models::{Filter, FilterGroup, FilterOperator, Search, UpdateObject};
use hubspot_generated::operations;
use hubspot_mock::Fault;

use crate::support::Fixture;

fn search() -> Search {
    Search::new().properties(["email"])
}

/// Adds contacts and returns their ids in order.
fn add(fixture: &Fixture, numbers: std::ops::Range<usize>) -> Vec<String> {
    let account = fixture.mock.account("acme");
    let ids = numbers.map(|number| account.contact([("email", &*format!("{number}@example.com"))]));
    ids.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_goes_beyond_ten_thousand_results() {
    let fixture = Fixture::start().await;
    let ids = add(&fixture, 0..10_450);
    let mut walk = fixture.hubspot.contacts().search(search()).all();
    let mut found = Vec::new();
    while let Some(contact) = walk.try_next().await.unwrap() {
        found.push(contact.id);
    }
    assert!(found == ids, "{} of {} in order", found.len(), ids.len());
    assert!(walk.try_next().await.unwrap().is_none());
    assert_eq!(fixture.calls("contacts.search"), 53);
}

#[tokio::test]
async fn records_that_match_all_the_time_are_returned_once_while_others_change() {
    let fixture = Fixture::start().await;
    let ids = add(&fixture, 0..900);
    let filter = Filter::new(FilterOperator::ContainsToken, "email").value("example.com");
    let search = search()
        .filter_groups([FilterGroup::new([filter])])
        .limit(50);
    let contacts = fixture.hubspot.contacts();
    let mut walk = contacts.search(search).all();
    let mut found = BTreeMap::<String, usize>::new();
    let mut place = 0;
    while let Some(contact) = walk.try_next().await.unwrap() {
        *found.entry(contact.id).or_default() += 1;
        place += 1;
        if place % 45 == 0 {
            // One behind the walk and one before it no longer match; others change, and new ones come.
            let [behind, before] = [place / 3, (place + 300).min(899)];
            contacts.archive(&ids[behind]).await.unwrap();
            contacts.archive(&ids[before]).await.unwrap();
            let body = UpdateObject::new([("firstname", "Ada")]);
            contacts.update(&ids[behind + 1], body).await.unwrap();
            add(&fixture, 10_000 + place..10_002 + place);
        }
    }
    assert!(found.values().all(|count| *count == 1));
    let mut live = contacts.list().limit(100).items();
    while let Some(contact) = live.try_next().await.unwrap() {
        assert!(found.contains_key(&contact.id), "{} is missing", contact.id);
    }
}

#[tokio::test]
async fn a_walk_goes_on_from_its_cursor_after_any_record() {
    let fixture = Fixture::start().await;
    let ids = add(&fixture, 0..23);
    let contacts = fixture.hubspot.contacts();
    for stop in 0..=23 {
        let start = || contacts.search(search().limit(5)).all();
        let (mut walk, mut found) = (start(), Vec::new());
        for _ in 0..stop {
            found.push(walk.try_next().await.unwrap().unwrap().id);
        }
        let (cursor, started_at) = (walk.cursor(), walk.started_at());
        drop(walk);
        let mut walk = start().resume(&cursor);
        assert_eq!(walk.started_at(), started_at);
        while let Some(contact) = walk.try_next().await.unwrap() {
            found.push(contact.id);
        }
        assert_eq!(found, ids, "stopped after {stop}");
    }
}

#[tokio::test]
async fn an_error_is_not_the_end() {
    let fixture = Fixture::start().await;
    let ids = add(&fixture, 0..30);
    let mut walk = fixture.hubspot.contacts().search(search().limit(10)).all();
    let mut found = Vec::new();
    for _ in 0..10 {
        found.push(walk.try_next().await.unwrap().unwrap().id);
    }
    fixture
        .mock
        .fail_next_n(1, Fault::status(400).on("contacts.search"));
    assert!(walk.try_next().await.is_err());
    while let Some(contact) = walk.try_next().await.unwrap() {
        found.push(contact.id);
    }
    assert_eq!(found, ids);
}

#[tokio::test]
async fn archived_records_follow_the_live_ones() {
    let fixture = Fixture::start().await;
    let ids = add(&fixture, 0..30);
    let contacts = fixture.hubspot.contacts();
    for id in &ids[..12] {
        contacts.archive(id).await.unwrap();
    }
    for stop in 0..=30 {
        let start = || contacts.list().limit(5).all().with_archived();
        let (mut walk, mut found) = (start(), Vec::new());
        for _ in 0..stop {
            found.push(walk.try_next().await.unwrap().unwrap());
        }
        let mut walk = start().resume(&walk.cursor());
        while let Some(contact) = walk.try_next().await.unwrap() {
            found.push(contact);
        }
        let archived: Vec<_> = found.iter().map(|contact| contact.archived).collect();
        assert_eq!(archived, [[false; 18].as_slice(), &[true; 12]].concat());
        let found = found.into_iter().map(|contact| contact.id);
        let expected = ids[12..].iter().chain(&ids[..12]).cloned();
        assert!(found.eq(expected), "stopped after {stop}");
    }
}

#[tokio::test]
async fn changes_are_found_again_within_the_lookback() {
    let fixture = Fixture::start().await;
    let ids = add(&fixture, 0..20);
    let contacts = fixture.hubspot.contacts();
    let changed = async |since, lookback| {
        let walk = contacts.search(search()).all();
        let mut walk = walk.changed_since_with(since, lookback);
        let mut found = Vec::new();
        while let Some(contact) = walk.try_next().await.unwrap() {
            found.push(contact.id);
        }
        (found, walk.started_at().unwrap())
    };
    let (found, _) = changed(SystemTime::UNIX_EPOCH, Duration::ZERO).await;
    assert_eq!(found, ids);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let (_, last) = changed(SystemTime::UNIX_EPOCH, Duration::ZERO).await;
    let body = UpdateObject::new([("firstname", "Ada")]);
    contacts.update(&ids[7], body).await.unwrap();
    let (found, _) = changed(last, Duration::ZERO).await;
    assert_eq!(found, ids[7..8]);
    // What was changed shortly before may not have shown up in the last walk.
    let (found, _) = changed(last, Duration::from_secs(30)).await;
    assert_eq!(found, ids);
    let mut walk = contacts.search(search()).all().changed_since(last);
    assert_eq!(walk.try_next().await.unwrap().unwrap().id, ids[0]);
}

/// Every object type, by its name in paths and by other names of contacts.
#[tokio::test]
async fn changes_are_found_in_records_of_every_type() {
    let fixture = Fixture::start().await;
    let account = fixture.mock.account("acme");
    let company = account.company([("name", "Acme")]);
    let contact = account.contact([("lastname", "Lovelace")]);
    let searches = operations::all().filter(|operation| operation.verb() == "search");
    let paths = searches.filter_map(|search| {
        let path = search.path.strip_prefix("/crm/objects/2026-09/")?;
        path.strip_suffix("/search")
    });
    let named = paths.filter(|path| !path.starts_with('{'));
    let mut found = BTreeMap::new();
    for name in named.chain(["contact", "0-1", "company", "0-2"]) {
        let search = fixture.hubspot.objects(name).search(Search::new());
        let mut walk = search.all().changed_since(SystemTime::now());
        while let Some(record) = walk.try_next().await.unwrap() {
            found.insert(name, record.id);
        }
    }
    let companies = ["companies", "company", "0-2"].map(|name| (name, company.clone()));
    let contacts = ["contacts", "contact", "0-1"].map(|name| (name, contact.clone()));
    assert_eq!(found, companies.into_iter().chain(contacts).collect());
}

#[tokio::test]
async fn what_a_walk_cannot_do_is_an_error() {
    let fixture = Fixture::start().await;
    let contacts = fixture.hubspot.contacts();
    let other = contacts.search(search().query("ada")).all().cursor();
    let walks = [
        contacts.search(search().sorts(["createdate"])).all(),
        contacts.search(search().after("200")).all(),
        contacts.search(search()).all().with_archived(),
        contacts.search(search()).all().resume("200"),
        contacts.search(search()).all().resume("2.zz.5.0.0.0."),
        contacts.search(search()).all().resume(&other),
    ];
    for mut walk in walks {
        let error = walk.try_next().await.unwrap_err();
        assert!(error.is_invalid_request(), "{error}");
    }
    let mut list = contacts.list().all().changed_since(SystemTime::now());
    assert!(list.try_next().await.unwrap_err().is_invalid_request());
    assert_eq!(fixture.calls("contacts.search"), 0);
}
