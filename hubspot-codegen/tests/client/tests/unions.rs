//! Unions: what is read and written, with the feature `serde` and without it.

use golden_client::models::{
    Actor, Branch, BranchFilters, NotFilter, RangeFilter, Shape, ShapeCircle, TextFilter,
};
use golden_client::{ReadBody, WriteBody};
use serde_json::{Value, json};

#[expect(
    clippy::needless_pass_by_value,
    reason = "a test hands over what it makes"
)]
fn read<T: ReadBody>(value: Value) -> Result<T, String> {
    T::read_body(value.to_string().as_bytes()).map_err(|error| format!("{error:?}"))
}

fn write(body: impl WriteBody) -> Value {
    serde_json::from_slice(&body.write_body().unwrap()).unwrap()
}

#[test]
fn a_field_tells_the_variants_apart() {
    let filters = json!([
        { "value": "a", "filterType": "TEXT" },
        { "filterType": "RANGE", "from": 1 },
        { "filterType": "NOT", "not": { "not": { "filterType": "RANGE", "to": 2 }, "filterType": "NOT" } },
    ]);
    let body = json!({ "first": filters[2], "filters": filters });
    let branch: Branch = read(body.clone()).unwrap();
    let range = RangeFilter::new().to(2);
    let not = NotFilter::new(NotFilter::new(range.into()).into());
    let built = Branch::new(
        [
            TextFilter::new("a").into(),
            RangeFilter::new().from(1).into(),
            not.clone().into(),
        ],
        not.into(),
    );
    assert_eq!(branch, built);
    assert_eq!(write(built), body);
}

#[test]
fn a_value_of_no_known_variant_is_kept() {
    for value in [
        json!({ "filterType": "FUZZY", "value": [1, { "a": null }] }),
        json!({ "filterType": 7 }),
        json!({ "value": "a" }),
        json!("TEXT"),
    ] {
        let body = json!({ "first": value, "filters": [value] });
        let branch: Branch = read(body.clone()).unwrap();
        assert_eq!(branch.first, BranchFilters::Other(value));
        assert_eq!(write(branch), body);
    }
}

#[test]
fn wrong_fields_of_a_variant_are_an_error_with_their_path() {
    let wrong = json!({ "first": { "filterType": "TEXT", "value": "a" }, "filters": [
        { "filterType": "NOT", "not": { "filterType": "RANGE", "from": "many" } },
    ] });
    let error = read::<Branch>(wrong).unwrap_err();
    assert!(
        error.contains("filters") && (cfg!(feature = "serde") || error.contains("from")),
        "{error}"
    );
    let missing = json!({ "first": { "filterType": "TEXT" }, "filters": [] });
    let error = read::<Branch>(missing).unwrap_err();
    let is_exact = cfg!(feature = "serde") || error.contains("missing field `value`");
    assert!(error.contains("first") && is_exact, "{error}");
    let error = read::<Branch>(json!({ "filters": [] })).unwrap_err();
    assert!(error.contains("missing field `first`"), "{error}");
}

#[test]
fn variants_have_the_fields_of_their_base_and_those_beside_the_choice() {
    let actor = json!({ "type": "AGENT", "id": "1", "likes": { "type": "BOT" } });
    let Actor::Agent(agent) = read(actor).unwrap() else {
        panic!("it is no agent")
    };
    assert!(matches!(agent.likes, Some(Actor::Bot(_))), "{agent:?}");

    // What stands beside the choice is in each variant.
    let body = json!({ "color": "red", "radius": 1.5 });
    let shape = Shape::from(ShapeCircle::new("red", 1.5));
    assert_eq!(write(shape), body);
}
