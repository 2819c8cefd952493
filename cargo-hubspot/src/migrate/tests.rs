//! Lists of paths, and edits of sources.

use std::fs;

use super::calls::in_list;
use super::rewrite::changes;
use super::site::{Outcome, Rewrite, Site};
use crate::model::Place;

#[test]
fn a_list_of_paths_is_counted_by_method_and_path() {
    let list = "\u{feff}# from the log\n\nGET /crm/v3/objects/contacts\nget https://api.hubapi.com/crm/v3/objects/contacts\n\
                /crm/v3/objects/contacts/17\n/crm/v3/objects/contact/18?hapikey=secret\nGET /crm/objects/2026-09/contacts\nGET /crm/v3/nowhere\nhello world\n\
                DELETE /crm/v3/objects/contacts/1?a=b\n";
    let (sites, skipped) = in_list(list, "v3");
    assert_eq!(skipped, 1);
    let shown = sites
        .iter()
        .map(|site| (site.outcome, site.call.as_str(), site.count));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            (Outcome::Changed, "/crm/v3/objects/contacts/{contactId}", 2),
            (Outcome::Changed, "GET /crm/v3/objects/contacts", 2),
            (Outcome::Unknown, "GET /crm/v3/nowhere", 1),
            (
                Outcome::Renamed,
                "DELETE /crm/v3/objects/contacts/{contactId}",
                1
            ),
        ]
    );
    let instead = sites.iter().map(|site| site.instead.as_deref());
    assert_eq!(
        instead.collect::<Vec<_>>(),
        [
            Some("/crm/objects/2026-09/contacts/{contactId}"),
            Some("GET /crm/objects/2026-09/contacts"),
            None,
            Some("DELETE /crm/objects/2026-09/contacts/{contactId}"),
        ]
    );
    assert!(in_list(list, "v1").0.is_empty());
}

#[test]
fn paths_of_any_version_have_an_outcome() {
    for (from, request, outcome, instead) in [
        (
            "v4",
            "GET /crm/v4/objects/contacts/1/associations/deals",
            Outcome::Gone,
            None,
        ),
        // The documents of the current version have it for this type only.
        (
            "v4",
            "GET /crm/v4/objects/partner_services/1/associations/deals",
            Outcome::Unknown,
            Some(
                "GET /crm/objects/2026-09/partner_services/{objectId}/associations/{toObjectType}",
            ),
        ),
        (
            "v1",
            "POST /oauth/v1/token",
            Outcome::Changed,
            Some("POST /oauth/2026-09/token"),
        ),
        (
            "v3",
            "GET /crm/v3/owners",
            Outcome::Unknown,
            Some("GET /crm/owners/2026-09"),
        ),
        (
            "v3",
            "/crm/v3/owners",
            Outcome::Unknown,
            Some("/crm/owners/2026-09"),
        ),
    ] {
        let (sites, _) = in_list(request, from);
        let [site] = sites.as_slice() else {
            panic!("{request}: {sites:?}")
        };
        assert_eq!(
            (site.outcome, site.instead.as_deref()),
            (outcome, instead),
            "{request}"
        );
    }
}

#[test]
fn writes_of_records_say_what_documents_do_not_show() {
    let notes = |request: &str| in_list(request, "v3").0[0].notes.clone();
    let note = "HubSpot applies the account's validation rules to this write, and may refuse values that older versions took";
    for (request, is_write) in [
        ("POST /crm/v3/objects/contacts", true),
        ("PATCH /crm/v3/objects/contacts/1", true),
        ("POST /crm/v3/objects/contacts/batch/upsert", true),
        ("POST /crm/v3/objects/contacts/batch/read", false),
        ("POST /crm/v3/objects/contacts/search", false),
        ("DELETE /crm/v3/objects/contacts/1", false),
        ("GET /crm/v3/objects/contacts/1", false),
    ] {
        assert_eq!(notes(request).contains(&note), is_write, "{request}");
    }
    // A write that HubSpot may refuse is not only renamed, and not rewritten for a change of its response.
    for request in [
        "POST /crm/objects/2026-03/contacts",
        "POST /crm/objects/2026-03/companies/batch/upsert",
        "PATCH /crm/objects/2026-03/companies/1",
    ] {
        let site = &in_list(request, "2026-03").0[0];
        assert_eq!(site.outcome, Outcome::Changed, "{request}");
        assert!(!site.only_response && !site.notes.is_empty(), "{request}");
    }
}

/// The text after the call that is marked by `@` has been migrated, and whether it is left to be changed by hand.
fn fixed(text: &str, rewrite: &Rewrite) -> (String, bool) {
    let byte = text.find('@').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let plain = text.replacen('@', "", 1);
    fs::write(folder.path().join("lib.rs"), &plain).unwrap();
    let (mut sites, _) = in_list("/crm/v3/objects/contacts", "v3");
    let site = Site {
        outcome: Outcome::Renamed,
        place: Some(Place {
            file: "lib.rs".to_owned(),
            byte_start: byte,
            ..Place::default()
        }),
        rewrite: Some(rewrite.clone()),
        ..sites.remove(0)
    };
    let changes = changes(folder.path(), &[site], false).unwrap();
    let after = changes
        .changes
        .into_iter()
        .next()
        .map_or(plain, |change| change.after);
    (after, !changes.by_hand.is_empty())
}

#[test]
fn the_version_is_removed_from_the_chain_of_calls() {
    let version = Rewrite::Version(vec!["v3", "contacts", "list"]);
    for (before, after) in [
        (
            "fn f() { h.v3().contacts().@list(); }",
            "fn f() { h.contacts().list(); }",
        ),
        (
            "fn f() { h\n    .v3()\n    .contacts()\n    .@list(); }",
            "fn f() { h\n    .contacts()\n    .list(); }",
        ),
        (
            "fn f() { h // old\n    .v3()\n    .contacts().@list(); }",
            "fn f() { h // old\n    \n    .contacts().list(); }",
        ),
        (
            "\u{feff}fn f() { g(h.v3().contacts().@list(), h.v3().x()); }",
            "\u{feff}fn f() { g(h.contacts().list(), h.v3().x()); }",
        ),
        (
            "fn f() { h(g.v3()).v3().contacts(\"a\").@list::<T>(); }",
            "fn f() { h(g.v3()).contacts(\"a\").list::<T>(); }",
        ),
    ] {
        let after = (after.to_owned(), false);
        assert_eq!(fixed(before, &version), after, "{before}");
    }
    for before in [
        "fn f() { let v3 = h.v3(); v3.contacts().@list(); }",
        "fn f() { let contacts = h.v3().contacts(); contacts.@list(); }",
        "fn f() { h.v3().contacts_of(1).@list(); }",
        "fn f() { h.v3().contacts().other().@list(); }",
        "fn f() { h.v3().contacts().@list_all(); }",
        "@f();",
    ] {
        let same = (before.replace('@', ""), true);
        assert_eq!(fixed(before, &version), same, "{before}");
    }
}

#[test]
fn the_path_of_a_raw_request_is_replaced_where_it_is_a_literal() {
    let path = Rewrite::Path {
        old: "/crm/v3/owners".to_owned(),
        new: "/crm/owners/2026-09".to_owned(),
    };
    for (before, after) in [
        (
            r#"fn f() { h.@request(Method::Get, "/crm/v3/owners"); "/crm/v3/owners" }"#,
            r#"fn f() { h.request(Method::Get, "/crm/owners/2026-09"); "/crm/v3/owners" }"#,
        ),
        (
            r##"fn f() { "/crm/v3/owners"; h.@request(Method::Get, r#"/crm/v3/owners"#); }"##,
            r##"fn f() { "/crm/v3/owners"; h.request(Method::Get, r#"/crm/owners/2026-09"#); }"##,
        ),
        (
            r#"request!(h, @"a.read", Method::Get, &format!("/crm/v3/owners"))"#,
            r#"request!(h, "a.read", Method::Get, &format!("/crm/owners/2026-09"))"#,
        ),
    ] {
        let after = (after.to_owned(), false);
        assert_eq!(fixed(before, &path), after, "{before}");
    }
    for before in [
        r#"const P: &str = "/crm/v3/owners"; fn f() { h.@request(Method::Get, P); }"#,
        r#"fn f() { h.@request(Method::Get, P); h.request(Method::Get, "/crm/v3/owners"); }"#,
        r#"fn f() { h.@request(Method::Get, "/crm/\x763/owners"); }"#,
    ] {
        let same = (before.replace('@', ""), true);
        assert_eq!(fixed(before, &path), same, "{before}");
    }
}
