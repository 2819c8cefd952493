//! Getting, listing and searching records.

#![expect(
    clippy::option_option,
    reason = "no value is not the same as no property"
)]

use hubspot_generated::{
    Properties, PropertyEnum, PropertyValue, Record, RecordError, RecordId, RecordProblem,
};

use crate::{Lead, LeadPatch, Stage, start};

#[tokio::test]
async fn a_record_is_read_as_its_type() {
    let (hubspot, account, client) = start().await;
    let id = account.contact([
        ("email", "ada@example.com"),
        ("headcount", "17"),
        ("lifecyclestage", "salesqualifiedlead"),
    ]);
    let id: RecordId = id.parse().unwrap();
    let leads = client.records::<Lead>();

    let lead = leads.get(id).await.unwrap();
    assert_eq!(
        (lead.id, &*lead.email, lead.employees, lead.lifecyclestage),
        (id, "ada@example.com", Some(17), Some(Stage::Qualified))
    );
    let same = leads.get_by(Lead::EMAIL, "ada@example.com").await.unwrap();
    assert_eq!(same.id, id);
    let requested = hubspot.journal();
    assert_eq!(requested.count("contacts.get"), 2);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_does_not_hide_the_others() {
    let (_hubspot, account, client) = start().await;
    account.contact([("email", "ada@example.com")]);
    let broken = account.contact([("firstname", "Grace")]);
    account.contact([("email", "joan@example.com")]);
    let leads = client.records::<Lead>();

    let page = leads.list().limit(100).await.unwrap();
    let (read, failed): (Vec<_>, Vec<_>) = page.results.into_iter().partition(Result::is_ok);
    assert_eq!(read.len(), 2);
    let error = failed.into_iter().next().unwrap().unwrap_err();
    assert_eq!(
        (
            error.object(),
            error.record(),
            error.property(),
            error.problem()
        ),
        ("contacts", &*broken, "email", RecordProblem::NoValue)
    );
    let id: RecordId = broken.parse().unwrap();
    let error = leads.get(id).await.unwrap_err();
    assert!(error.is_decode());
    let text = format!(
        "contacts.get (GET /crm/objects/2026-09/contacts/{{objectId}}): cannot read record {id} of `contacts`: the property \
         `email` has no value (correlation id "
    );
    assert!(error.to_string().starts_with(&text), "{error}");
    assert_eq!(error.record_error().unwrap().property(), "email");
    let mut found = leads.list().limit(1).items();
    let mut count = 0;
    while found.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 3);
}

#[tokio::test]
async fn a_search_has_typed_filters() {
    let (_hubspot, account, client) = start().await;
    for (email, employees, stage) in [
        ("a@example.com", "5", "lead"),
        ("b@example.com", "50", "lead"),
        ("c@example.com", "500", "customer"),
    ] {
        account.contact([
            ("email", email),
            ("headcount", employees),
            ("lifecyclestage", stage),
        ]);
    }
    let leads = client.records::<Lead>();
    let big = || Lead::EMPLOYEES.gte(10);
    for (filter, expected) in [
        (big(), vec!["b@example.com", "c@example.com"]),
        (
            big().and(Lead::LIFECYCLESTAGE.eq(Stage::Lead)),
            vec!["b@example.com"],
        ),
        (
            big().and(Lead::EMAIL.has_value()),
            vec!["b@example.com", "c@example.com"],
        ),
        (
            Lead::EMPLOYEES
                .lt(10)
                .or(Lead::LIFECYCLESTAGE.is_in([Stage::Customer])),
            vec!["a@example.com", "c@example.com"],
        ),
        (
            Lead::EMPLOYEES
                .lt(10)
                .or(Lead::EMPLOYEES.gt(100))
                .and(Lead::EMAIL.ne("a@example.com")),
            vec!["c@example.com"],
        ),
        (
            Lead::EMPLOYEES
                .between(5, 50)
                .and(Lead::EMAIL.eq("a@example.com")),
            vec!["a@example.com"],
        ),
        (Lead::EMAIL.has_no_value(), vec![]),
        (Lead::EMPLOYEES.not_in([5, 50]), vec!["c@example.com"]),
    ] {
        let search = filter.limit(100).sort(Lead::EMPLOYEES.ascending());
        let page = leads.search(search).await.unwrap();
        let found = page.results.into_iter().map(|lead| lead.unwrap().email);
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert_eq!(page.total, Some(expected.len() as u64));
    }
}

#[tokio::test]
async fn a_walk_returns_all_records_as_their_type() {
    let (hubspot, account, client) = start().await;
    for number in 0..450 {
        let email = format!("{number}@example.com");
        account.contact([("email", &*email), ("headcount", &*number.to_string())]);
    }
    let leads = client.records::<Lead>();
    let mut found = leads.search(Lead::EMPLOYEES.gte(5)).all();
    let mut employees = Vec::new();
    while let Some(lead) = found.try_next().await.unwrap() {
        employees.push(lead.unwrap().employees.unwrap());
    }
    employees.sort_unstable();
    assert_eq!(employees, (5..450).collect::<Vec<_>>());
    assert!(hubspot.journal().count("contacts.search") >= 3);

    let mut listed = leads.list().all();
    let mut count = 0;
    while let Some(lead) = listed.try_next().await.unwrap() {
        lead.unwrap();
        count += 1;
    }
    assert_eq!(count, 450);
}

#[derive(PartialEq, Record)]
#[hubspot(object = "p_test")]
struct Every {
    text: String,
    count: Option<u8>,
    tracked: Option<Option<bool>>,
    #[hubspot(multi)]
    stages: Vec<Stage>,
    #[hubspot(sensitive)]
    secret: Option<f64>,
    r#type: Option<String>,
}

#[test]
fn sensitive_values_are_not_shown() {
    let every = read(&[("secret", "271828"), ("count", "31")]).unwrap();
    let shown = format!("{every:?} {every:#?}");
    assert!(shown.contains("secret: redacted"), "{shown}");
    assert!(shown.contains("count: Some(31)"), "{shown}");
    assert!(!shown.contains("271828"), "{shown}");
}

#[derive(Debug, PartialEq, PropertyEnum)]
#[hubspot(rename_all = "SCREAMING_SNAKE_CASE")]
enum Answer {
    OpenDeal,
    #[hubspot(name = "open_deal")]
    Lower,
    #[hubspot(name = "-1")]
    Number,
    Other(String),
}

#[test]
fn options_are_compared_with_their_case() {
    for (text, expected) in [
        ("OPEN_DEAL", Answer::OpenDeal),
        ("open_deal", Answer::Lower),
        ("-1", Answer::Number),
        ("Open_deal", Answer::Other("Open_deal".into())),
    ] {
        let read = Answer::from_property(text).unwrap();
        assert_eq!(read.to_property(), text);
        assert_eq!(read, expected);
    }
    assert_eq!(Answer::OPTIONS, ["OPEN_DEAL", "open_deal", "-1"]);
}

/// Properties with names that methods of the patch, or of traits, have as well.
#[derive(Clone, Debug, Record)]
#[hubspot(object = "p_test")]
struct Names {
    id: RecordId,
    from: Option<String>,
    into: Option<String>,
    default: Option<String>,
    clone: Option<String>,
    new: Option<i64>,
    clear: Option<i64>,
    clear_new: Option<i64>,
    properties: Option<String>,
    object: Option<String>,
    values: Option<Option<String>>,
    fields: Option<String>,
    r#is_empty: Option<String>,
    #[hubspot(name = "associatedcompanyid")]
    company: Option<RecordId>,
}

#[test]
fn names_of_methods_are_properties() {
    let patch = NamesPatch::default().from_("a").into_("b").default_("c");
    let patch = patch.clone_("d").new_(1).clear_(2).clear_new(3);
    let patch = patch.properties("e").object("f").values("g").fields("h");
    let patch = patch.is_empty_("i").company(RecordId::from(9));
    let sent = hubspot_generated::Patch::from(patch.clone());
    assert_eq!(sent.properties().iter().count(), 13);
    let names = Names::read("7", sent.properties()).unwrap();
    assert_eq!(names.id, RecordId::from(7));
    assert_eq!(names.company, Some(RecordId::from(9)));
    assert_eq!((names.from.as_deref(), names.clear), (Some("a"), Some(2)));
    let mut again = NamesPatch::from(&names);
    assert!(!again.is_empty());
    let mut cleared = names;
    cleared.values = Some(None);
    again = NamesPatch::from(cleared);
    let again = hubspot_generated::Patch::from(again);
    assert_eq!(again.properties().get("values"), Some(""));
}

/// Reads a record with a text, and with these properties.
fn read(changes: &[(&str, &str)]) -> Result<Every, RecordError> {
    let mut properties = Properties::from([("text", "x"), ("zz", "unknown")]);
    properties.extend(changes.iter().copied());
    Every::read("7", &properties)
}

#[test]
fn no_value_is_not_the_same_as_no_property() {
    let every = read(&[
        ("stages", "lead;;other ;customer"),
        ("type", "t"),
        ("tracked", ""),
    ])
    .unwrap();
    assert_eq!(
        every.stages,
        [Stage::Lead, Stage::Other("other".into()), Stage::Customer]
    );
    assert_eq!(
        (every.count, every.tracked, every.secret),
        (None, Some(None), None)
    );
    assert_eq!(every.r#type.as_deref(), Some("t"));
    assert_eq!(read(&[]).unwrap().tracked, None);
    assert_eq!(
        read(&[("tracked", "TRUE")]).unwrap().tracked,
        Some(Some(true))
    );
}

#[test]
fn errors_name_record_property_and_value() {
    for (name, value, problem, kept, message) in [
        (
            "count",
            "256",
            RecordProblem::Unreadable,
            Some("256"),
            "the value of the property `count` is not a whole number from 0 to 255",
        ),
        (
            "tracked",
            "ja",
            RecordProblem::Unreadable,
            Some("ja"),
            "the value of the property `tracked` is not `true` or `false`",
        ),
        (
            "secret",
            "1,5",
            RecordProblem::Unreadable,
            None,
            "the value of the property `secret` is not a number",
        ),
        (
            "text",
            "",
            RecordProblem::NoValue,
            None,
            "the property `text` has no value",
        ),
    ] {
        let error = read(&[(name, value)]).unwrap_err();
        assert_eq!((error.problem(), error.value()), (problem, kept), "{name}");
        assert_eq!(
            error.to_string(),
            format!("record 7 of `p_test`: {message}")
        );
        assert!(!format!("{error:?}").contains(value) || value.is_empty());
    }
    let error = Every::read("7", &Properties::new()).unwrap_err();
    assert_eq!(error.problem(), RecordProblem::Absent);
    assert_eq!(
        error.to_string(),
        "record 7 of `p_test`: the response lacks the property `text`"
    );
}

#[tokio::test]
async fn former_values_are_read_as_their_types() {
    let (_hubspot, account, client) = start().await;
    let id = account.contact([("email", "ada@example.com"), ("headcount", "17")]);
    let id: RecordId = id.parse().unwrap();
    let leads = client.records::<Lead>();
    let patch = || LeadPatch::new();
    leads
        .update(id, patch().employees(987_654_321))
        .await
        .unwrap();
    leads
        .update(id, patch().employees(None::<i64>))
        .await
        .unwrap();

    let lead = leads.get(id).with_history().await.unwrap();
    assert_eq!((lead.record.id, lead.record.employees), (id, None));
    let values: Vec<_> = lead
        .values(Lead::EMPLOYEES)
        .map(|past| past.value().unwrap())
        .collect();
    assert_eq!(values, [None, Some(987_654_321), Some(17)]);
    assert_eq!(lead.values(Lead::EMAIL).count(), 1);
    let past: Vec<_> = lead.values(Lead::EMPLOYEES).collect();
    let shown = format!("{lead:?} {past:?}");
    assert!(!shown.contains("987654321"), "{shown}");

    let page = leads.list().limit(50).with_history().await.unwrap();
    let listed = page.results[0].as_ref().unwrap();
    assert_eq!((page.results.len(), listed.record.id), (1, id));
    let values = listed.values(Lead::EMPLOYEES);
    let values: Vec<_> = values.map(|past| past.value().unwrap()).collect();
    assert_eq!(values, [None, Some(987_654_321), Some(17)]);

    let batch = leads.batch_read([id, RecordId::from(9)]).with_history();
    let batch = batch.await.unwrap();
    assert_eq!((batch.results.len(), batch.errors.len()), (1, 1));
    let read = batch.results[0].as_ref().unwrap();
    assert_eq!(read.values(Lead::EMPLOYEES).count(), 3);
}
