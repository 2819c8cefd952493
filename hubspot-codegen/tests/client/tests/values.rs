//! What the generated types do with JSON: what goes over the wire, and what they take from it.

use golden_client::models::{
    Choice, ChoiceOperator, Edge, FormsBody, Node, OddFields, Option_, PageList, Received, Sent,
};
use golden_client::{Client, Page, ReadBody, Unchecked, WriteBody};
use serde_json::{Value, json};

/// Reads a type as a response is read: with the feature `serde` by its `Deserialize`, else by its own decoder.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a test hands over what it makes"
)]
fn from_value<T: ReadBody>(value: Value) -> Result<T, impl std::fmt::Debug> {
    T::read_body(value.to_string().as_bytes())
}

/// Writes a type as a request is written.
fn to_value(body: impl WriteBody) -> serde_json::Result<Value> {
    serde_json::from_slice(&body.write_body().unwrap())
}

#[test]
fn names_on_the_wire_are_those_of_the_document() {
    let odd: OddFields = from_value(json!({
        "2fa": "a", "%": "b", "first-name": "c", "first_name": "d", "self": "e", "type": "f",
    }))
    .unwrap();
    let fields = [
        odd.n2fa,
        odd.percent,
        odd.first_name,
        odd.given_name,
        odd.self_,
        odd.r#type,
    ];
    assert_eq!(fields.map(Option::unwrap), ["a", "b", "c", "d", "e", "f"]);

    let option = Option_::new("sort").new_(true);
    assert_eq!(
        to_value(option).unwrap(),
        json!({ "new": true, "type": "sort" })
    );
}

#[test]
fn every_value_of_an_enum_comes_back_as_it_was() {
    for text in ["EQ", "eq", ">=", "", "2fa", "Other", "self", "FUZZY"] {
        let choice: Choice = from_value(json!({ "operator": text })).unwrap();
        assert_eq!(choice.operator.as_str(), text);
        let is_known = !matches!(choice.operator, ChoiceOperator::Other(_));
        assert_eq!(is_known, text != "FUZZY");
    }
}

#[test]
fn a_type_may_hold_itself() {
    let text = json!({ "edge": { "to": { "parent": {} } }, "children": [{}] });
    let node: Node = from_value(text.clone()).unwrap();
    let built = Node::new()
        .edge(Edge::new(Node::new().parent(Node::new())))
        .children([Node::new()]);
    assert_eq!(node, built);

    // Required both ways, so that no value would have an end.
    let hen: Node = from_value(json!({ "hen": { "egg": { "hen": {} } } })).unwrap();
    let egg = hen.hen.unwrap().egg.unwrap();
    assert!(egg.hen.unwrap().egg.is_none());
    assert_eq!(to_value(built).unwrap(), text);
}

#[test]
fn what_is_not_set_is_not_sent() {
    let sent = Sent::new("text", None, ["one"], [("key".to_owned(), None)].into());
    let expected = json!({
        "always": "text", "alwaysOrNull": null, "flag": false, "list": ["one"], "map": { "key": null },
    });
    assert_eq!(to_value(sent.clone()).unwrap(), expected);

    // An empty list says something else than none.
    let sent = to_value(sent.perhaps_list([])).unwrap();
    assert_eq!(sent["perhapsList"], json!([]));
}

#[test]
fn lists_maps_and_flags_may_be_missing_or_null() {
    let minimal: Received = from_value(json!({ "always": "text" })).unwrap();
    let nulls: Received = from_value(json!({
        "always": "text", "alwaysOrNull": null, "sometimes": null, "flag": null, "perhapsFlag": null, "list": null,
        "perhapsList": null, "map": null, "perhapsMap": null, "properties": null, "unheardOf": 1,
    }))
    .unwrap();
    assert_eq!(minimal, nulls);
    assert!(minimal.list.is_empty() && !minimal.flag && minimal.perhaps_flag.is_none());
    assert!(from_value::<Received>(json!({})).is_err());
    let null = json!({ "always": "", "properties": { "name": null } });
    assert_eq!(
        from_value::<Received>(null).unwrap().properties.get("name"),
        None
    );
}

#[test]
fn what_only_informs_may_be_missing_from_an_envelope() {
    for paging in [
        json!({}),
        json!({ "next": {} }),
        json!({ "next": null }),
        Value::Null,
    ] {
        let page = json!({ "results": [{ "id": "1" }], "paging": paging });
        let page: PageList = from_value(page).unwrap();
        assert_eq!((page.next_cursor(), page.results.len()), (None, 1));
    }
    let page = json!({ "results": [], "paging": { "next": { "after": "a" } } });
    assert_eq!(
        from_value::<PageList>(page).unwrap().next_cursor(),
        Some("a")
    );
}

#[test]
fn a_response_can_be_made_in_a_test() {
    let mut made = Received::new("text");
    assert_eq!(made, from_value(json!({ "always": "text" })).unwrap());
    made.list = vec!["one".to_owned()];
    assert_eq!(
        made,
        from_value(json!({ "always": "text", "list": ["one"] })).unwrap()
    );
    assert_eq!(PageList::new(), from_value(json!({})).unwrap());
}

#[test]
fn method_and_path_tell_what_can_be_repeated() {
    for (id, idempotent, read_only) in [
        ("methods.list", true, true),
        ("methods.search", true, true),
        ("pages.batch_read", true, true),
        ("methods.update", true, false),
        ("methods.set", true, false),
        ("methods.batch_archive", true, false),
        ("methods.create", false, false),
        ("methods.move", false, false),
    ] {
        let mut all = golden_client::operations::all();
        let operation = all.find(|operation| operation.id == id).unwrap();
        assert_eq!(
            (operation.idempotent, operation.read_only),
            (idempotent, read_only),
            "{id}"
        );
    }
}

#[test]
fn a_secret_is_sent_and_not_shown() {
    let form = FormsBody::new("hunter2", "ada");
    assert!(!format!("{form:?}").contains("hunter2"));
    assert_eq!(to_value(form).unwrap()["password"], Value::from("hunter2"));
}

#[test]
fn requests_can_be_made_of_every_method() {
    // Nothing is sent: what matters is that all of this compiles and that what is wrong would show here.
    let client: Client<Unchecked> = Client::unchecked_builder()
        .access_token("token")
        .build()
        .unwrap();
    let parameters = client.parameters().get(
        &golden_client::models::ParameterKind::Big,
        7,
        ["all"],
        "one",
        "2026-01-01T00:00:00Z".into(),
    );
    let parameters = parameters
        .ids([1, 2])
        .names(["a", "b"])
        .words("c")
        .timeout_(3);
    drop(
        parameters
            .order(golden_client::models::ParameterOrder::Up)
            .timeout(std::time::Duration::from_secs(1)),
    );
    drop(client.methods().r#move("one"));
    drop(client.methods().renew("one"));
    drop(client.links().set_default("from", "to"));
    drop(client.v1().versions().list().limit(1));
}

#[test]
fn every_operation_is_listed_once() {
    let ids = golden_client::operations::all()
        .map(|operation| operation.id)
        .collect::<Vec<_>>();
    let distinct = ids.iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(distinct.len(), ids.len());
    assert!(ids.contains(&"methods.move") && ids.contains(&"v1.versions.list"));
}
