//! Bodies in any order, with repeated keys, and with values that no field reads.

use hubspot_generated::{ReadBody, Record, RecordBatch, RecordId, RecordPage, RecordProblem};

#[derive(Debug, PartialEq, Record)]
#[hubspot(object = "contacts")]
struct Lead {
    id: RecordId,
    email: Option<String>,
    visits: Option<i64>,
}

fn lead(id: u64, email: Option<&str>, visits: Option<i64>) -> Lead {
    let (id, email) = (RecordId::from(id), email.map(str::to_owned));
    Lead { id, email, visits }
}

fn page(body: &str) -> Result<RecordPage<Lead>, String> {
    RecordPage::read_body(body.as_bytes()).map_err(|error| error.to_string())
}

fn records(body: &str) -> Vec<Lead> {
    let results = page(body).unwrap().results;
    results.into_iter().map(Result::unwrap).collect()
}

#[test]
fn properties_come_before_the_id_or_after_it() {
    let body = r#"{"total": 2, "results": [
        {"properties": {"visits": 7, "hs_object_id": "1", "email": "a\u0040b"}, "updatedAt": null, "id": 1},
        {"id": "2", "archived": false, "properties": {"email": "", "other": null, "visits": "8"}, "new": {"a": []}},
        {"id": "3", "properties": null}, {"id": "4"}
    ], "paging": {"next": {"after": "4"}}}"#;
    let page = page(body).unwrap();
    assert_eq!((page.total, page.next.as_deref()), (Some(2), Some("4")));
    let expected = [
        lead(1, Some("a@b"), Some(7)),
        lead(2, None, Some(8)),
        lead(3, None, None),
        lead(4, None, None),
    ];
    assert_eq!(records(body), expected);
}

#[test]
fn the_last_of_repeated_keys_counts() {
    for (body, expected) in [
        (
            r#"{"results":[{"id":"1"},{"id":"2"}],"results":[{"id":"3"}]}"#,
            vec![lead(3, None, None)],
        ),
        (r#"{"results":[{"id":"1"}],"results":null}"#, vec![]),
        (
            r#"{"results":[{"id":"1","id":"2","properties":{"visits":"1","visits":"2"}}]}"#,
            vec![lead(2, None, Some(2))],
        ),
        (
            r#"{"results":[{"id":"1","properties":{"email":"a"},"properties":{"visits":"2"}}]}"#,
            vec![lead(1, None, Some(2))],
        ),
        (
            r#"{"results":[{"id":"1","properties":{"email":"a"},"properties":null}]}"#,
            vec![lead(1, None, None)],
        ),
    ] {
        assert_eq!(records(body), expected, "{body}");
    }
}

#[test]
fn a_record_says_nothing_about_the_next() {
    let body = r#"{"results":[{"id":"1","properties":{"email":"a","visits":"1"}},{"id":"2","properties":{"visits":"x"}},
        {"id":"3","properties":{"visits":"3","email":"c"}}]}"#;
    let mut results = page(body).unwrap().results.into_iter();
    assert_eq!(
        results.next().unwrap().unwrap(),
        lead(1, Some("a"), Some(1))
    );
    let error = results.next().unwrap().unwrap_err();
    assert_eq!((error.record(), error.property()), ("2", "visits"));
    assert_eq!(
        results.next().unwrap().unwrap(),
        lead(3, Some("c"), Some(3))
    );
}

#[test]
fn what_is_no_record_or_no_value_does_not_hide_the_others() {
    for (broken, record, property, problem, value) in [
        (
            r#"{"id":"2","properties":{"visits":[1, {"a": 2}],"email":"b"}}"#,
            "2",
            "visits",
            RecordProblem::Unreadable,
            Some(r#"[1, {"a": 2}]"#),
        ),
        (
            r#"{"properties":{"email":{}},"id":"2"}"#,
            "2",
            "email",
            RecordProblem::Unreadable,
            Some("{}"),
        ),
        (
            r#"{"id":"2","properties":["a"]}"#,
            "2",
            "email",
            RecordProblem::Unreadable,
            Some(r#"["a"]"#),
        ),
        (
            r#"{"properties":{"email":"b"}}"#,
            "",
            "hs_object_id",
            RecordProblem::Absent,
            None,
        ),
        (
            r#"{"id":[2]}"#,
            "",
            "hs_object_id",
            RecordProblem::Absent,
            None,
        ),
        ("null", "", "hs_object_id", RecordProblem::Absent, None),
        ("[[]]", "", "hs_object_id", RecordProblem::Absent, None),
    ] {
        let body = format!(r#"{{"results":[{{"id":"1"}},{broken},{{"id":"3"}}]}}"#);
        let results = page(&body).unwrap().results;
        assert_eq!(results.len(), 3, "{broken}");
        assert_eq!(results[0], Ok(lead(1, None, None)));
        assert_eq!(results[2], Ok(lead(3, None, None)));
        let error = results[1].as_ref().unwrap_err();
        let found = (error.record(), error.property(), error.problem());
        assert_eq!(found, (record, property, problem), "{broken}");
        assert_eq!(error.value(), value, "{broken}");
    }
}

#[test]
fn a_body_that_is_none_is_an_error() {
    for body in ["[]", "null", "", r#"{"results":{}}"#, r#"{"results":[]} x"#] {
        assert!(page(body).is_err(), "{body}");
        assert!(RecordBatch::<Lead>::read_body(body.as_bytes()).is_err());
    }
}
