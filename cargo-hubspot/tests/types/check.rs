//! `--check`: what has changed, which code that touches, and whether it breaks.

use serde_json::{Value, json};

use crate::package::Package;

/// A struct by hand, and code that uses a generated one.
const CODE: &str = r#"mod hubspot_types;

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Lead {
    id: RecordId,
    email: String,
    ssn: Option<String>,
    #[hubspot(name = "no_such")] other: Option<String>,
    #[hubspot(sensitive)] allergies: Option<String>,
}

#[derive(Record)]
#[hubspot(object = "ticket")]
struct Ticket { subject: String }

fn total(deal: &Deal) { deal.amount; Deal::COLORS; associations::TO_CONTACTS_DECISION_MAKER; }
"#;

fn property<'a>(definitions: &'a mut Value, name: &str) -> &'a mut Value {
    let list = &mut definitions["properties"]["deals"]["results"];
    let mut list = list.as_array_mut().unwrap().iter_mut();
    list.find(|property| property["name"] == name).unwrap()
}

fn remove(list: &mut Value, key: &str, value: &Value) {
    list.as_array_mut()
        .unwrap()
        .retain(|item| item[key] != *value);
}

#[test]
fn an_account_without_changes_is_fine() {
    let package = Package::new();
    package.types(&[]);
    let before = package.files();
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(0),
            "The account is as the lock file has it.\n".to_owned(),
            String::new()
        )
    );
    assert_eq!(package.files(), before);
}

/// Changes of every kind.
fn change(definitions: &mut Value) {
    property(definitions, "amount")["type"] = json!("string");
    property(definitions, "amount")["fieldType"] = json!("text");
    property(definitions, "pages")["type"] = json!("bool");
    property(definitions, "type")["fieldType"] = json!("textarea");
    let options = &mut property(definitions, "colors")["options"];
    remove(options, "value", &json!("red"));
    let green = json!({ "value": "green", "label": "Green" });
    options.as_array_mut().unwrap().push(green);
    property(definitions, "due")["modificationMetadata"] = json!({ "readOnlyValue": true });
    property(definitions, "closedate")["hasUniqueValue"] = json!(true);
    let list = &mut definitions["properties"]["deals"]["results"];
    remove(list, "name", &json!("a_b"));
    let new = json!({ "name": "fresh", "type": "string", "label": "Fresh" });
    list.as_array_mut().unwrap().push(new);
    let labels = &mut definitions["associations"]["deals"]["contact"]["results"];
    remove(labels, "typeId", &json!(40));
    labels[1]["label"] = json!("Boss");
    let contacts = &mut definitions["properties"]["0-1"]["results"];
    remove(contacts, "name", &json!("email"));
    definitions["schemas"]["results"] = json!([]);
    definitions["associations"]
        .as_object_mut()
        .unwrap()
        .remove("car");
}

#[test]
fn changes_that_break_code_fail() {
    let package = Package::new();
    package.types(&[]);
    package.write("src/lib.rs", CODE);
    package.define(change);
    let before = package.files();
    let (status, stdout, stderr) = package.types(&["--check"]);
    assert_eq!(
        stdout,
        "car
  ok      the object type is gone
contacts
  breaks  property `email` is gone
          Contact.email at src/hubspot_types/contacts.rs:22
          Lead.email at src/lib.rs:7
  breaks  property `ssn` is highly sensitive: add `#[hubspot(highly_sensitive)]`
          Lead.ssn at src/lib.rs:8
  breaks  there is no property `no_such`
          Lead.other at src/lib.rs:9
  ok      association type 13 to `car` is gone
deals
  breaks  property `amount` is `string` (text) and was `number` (number)
          Deal.amount at src/hubspot_types/deals.rs:21
  breaks  option `red` (Red) of property `colors` is gone
          Deal.colors at src/hubspot_types/deals.rs:26
  breaks  association type 40 (Decision maker) to `contacts` is gone
          the constant `TO_CONTACTS_DECISION_MAKER`
  ok      property `a_b` is gone
  ok      property `closedate` became unique
  ok      option `green` (Green) of property `colors` was added
  ok      property `due` became read-only
  ok      property `pages` is `bool` (number) and was `number` (number)
  ok      property `type` is `string` (textarea) and was `string` (text)
  ok      property `fresh` was added
  ok      the label of association type 41 (decision-maker) to `contacts` is now Boss
tickets
  ok      not in the lock file: add it with `--only`
          Ticket at src/lib.rs:15
6 of 17 break the package's code.
"
    );
    assert_eq!((status, &*stderr), (Some(1), ""));
    assert_eq!(package.files(), before);
}

#[test]
fn changes_that_touch_no_code_are_told() {
    let package = Package::new();
    package.types(&["--only", "deals", "--properties", "used"]);
    package.write("src/lib.rs", "fn total(deal: &Deal) { deal.amount; }");
    package.types(&[]);
    package.define(|definitions| {
        let list = &mut definitions["properties"]["deals"]["results"];
        remove(list, "name", &json!("pages"));
        property(definitions, "amount")["hasUniqueValue"] = json!(true);
    });
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(0),
            "deals
  ok      property `amount` became unique
Nothing of this breaks the package's code.
"
            .to_owned(),
            String::new()
        )
    );
}

#[test]
fn a_property_that_became_sensitive_breaks_structs_without_the_attribute() {
    let package = Package::new();
    package.types(&["--lock-only", "--only", "contacts"]);
    package.write(
        "src/lead.rs",
        "#[derive(Record)]\n#[hubspot(object = \"0-1\")]\nstruct Lead {\n    id: RecordId,\n    #[hubspot(sensitive)]\n    email: \
         String,\n    allergies: String,\n    #[hubspot(name = \"ssn\", sensitive)]\n    number: String,\n}\n",
    );
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(1),
            "contacts
  breaks  property `allergies` is sensitive: add `#[hubspot(sensitive)]`
          Lead.allergies at src/lead.rs:7
  breaks  property `ssn` is highly sensitive: add `#[hubspot(highly_sensitive)]`
          Lead.number at src/lead.rs:9
2 of 2 break the package's code.
"
            .to_owned(),
            String::new()
        )
    );
}
