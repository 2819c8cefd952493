//! `--check`: what has changed, which code that touches, and whether it breaks.

use serde_json::{Value, json};

use crate::package::{DEFINITIONS, Package};

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

pub(crate) fn property<'a>(definitions: &'a mut Value, name: &str) -> &'a mut Value {
    let list = &mut definitions["properties"]["deals"]["results"];
    let mut list = list.as_array_mut().unwrap().iter_mut();
    list.find(|property| property["name"] == name).unwrap()
}

pub(crate) fn remove(list: &mut Value, key: &str, value: &Value) {
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
  breaks  property `amount` is `string` (text) and was `number` (number): now `Option<String>`
          Deal.amount at src/hubspot_types/deals.rs:21
  breaks  option `red` (Red) of property `colors` is gone
          Deal.colors at src/hubspot_types/deals.rs:26
  breaks  association type 40 (Decision maker) to `contacts` is gone
          the constant `TO_CONTACTS_DECISION_MAKER`
  ok      property `a_b` is gone
  ok      property `closedate` became unique
  ok      option `green` (Green) of property `colors` was added
  ok      property `due` became read-only
  ok      property `pages` is `bool` (number) and was `number` (number): now `Option<bool>`
  ok      property `type` is `string` (textarea) and was `string` (text)
  ok      property `fresh` was added
  ok      the label of association type 41 (decision-maker) to `contacts` is now Boss
tickets
  unchecked  not in the lock file: add it with `--only`
          Ticket at src/lib.rs:15
6 of 17 break the package's code.
To accept the changes, write the types again with `cargo hubspot types`, then change the code that breaks.
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
To accept the changes, write the types again with `cargo hubspot types`.
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
        "#[derive(Debug, Record)]\n#[hubspot(object = \"0-1\")]\nstruct Lead {\n    id: RecordId,\n    #[hubspot(sensitive)]\n    email: \
         String,\n    allergies: String,\n    #[hubspot(name = \"ssn\", sensitive)]\n    number: String,\n}\n",
    );
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(1),
            "contacts
  breaks  property `allergies` is sensitive: add `#[hubspot(sensitive)]`, and remove `Debug` from the struct's derives: `Record` writes one that hides the value
          Lead.allergies at src/lead.rs:7
  breaks  property `ssn` is highly sensitive: add `#[hubspot(highly_sensitive)]`, and remove `Debug` from the struct's derives: `Record` writes one that hides the value
          Lead.number at src/lead.rs:9
  ok      property `email` is not sensitive: the attribute asks for a scope that is not needed
          Lead.email at src/lead.rs:6
2 of 3 break the package's code.
To accept the changes, write the types again with `cargo hubspot types`, then change the code that breaks.
"
            .to_owned(),
            String::new()
        )
    );
}

/// Structs by hand that read text, or that say already what became true.
const LENIENT: &str = r#"#[derive(Record)]
#[hubspot(object = "deals")]
struct Lenient {
    amount: Option<String>,
    #[hubspot(multi)] colors: Vec<String>,
    #[hubspot(read_only)] due: Option<String>,
    #[hubspot(sensitive)] closedate: Option<String>,
}

fn label() { associations::TO_CONTACTS_DECISION_MAKER_2; }
"#;

#[test]
fn changes_break_what_they_touch_only() {
    let package = Package::new();
    package.types(&["--lock-only", "--only", "deals,contacts"]);
    package.write("src/lib.rs", LENIENT);
    package.define(|definitions| {
        change(definitions);
        definitions["properties"]["0-1"] =
            serde_json::from_str::<Value>(DEFINITIONS).unwrap()["properties"]["0-1"].take();
    });
    let (status, stdout, stderr) = package.types(&["--check"]);
    assert_eq!((status, &*stderr), (Some(1), ""));
    for line in [
        "  ok      property `amount` is `string` (text) and was `number` (number): now `Option<String>`\n",
        "  ok      option `red` (Red) of property `colors` is gone\n",
        "  ok      property `due` became read-only\n",
        "  ok      property `closedate` is not sensitive: the attribute asks for a scope that is not needed\n          \
         Lenient.closedate at src/lib.rs:7\n",
        "  breaks  association type 41 (decision-maker) to `contacts` will be `TO_CONTACTS_BOSS` and `ToContacts::Boss`\n          \
         the constant `TO_CONTACTS_DECISION_MAKER_2`\n",
    ] {
        assert!(stdout.contains(line), "{line}{stdout}");
    }
}

#[test]
fn sensitive_properties_without_scopes_have_no_field() {
    let package = Package::new();
    package.write(
        "account.json",
        r#"{"properties": {"0-54": {"results": [{"name": "a", "type": "string"}]}, "products": {"results": [
            {"name": "name", "type": "string"},
            {"name": "secret", "type": "string", "dataSensitivity": "sensitive"}
        ]}}}"#,
    );
    let (status, _, stderr) = package.types(&[]);
    assert_eq!(
        (status, &*stderr),
        (
            Some(0),
            "warning: `products.secret` has no field: HubSpot has no scope for sensitive properties of `products`\n"
        )
    );
    let products = package.read("src/hubspot_types/products.rs");
    assert!(
        products.contains("pub name: Option<String>") && !products.contains("secret"),
        "{products}"
    );
    package.write(
        "src/lib.rs",
        "#[derive(Record)]\n#[hubspot(object = \"products\")]\nstruct Thing { secret: String }\n",
    );
    let (status, stdout, _) = package.types(&["--check"]);
    assert_eq!(
        (status, &*stdout),
        (
            Some(1),
            "products
  breaks  property `secret` is sensitive: HubSpot has no scope for such properties of this object type
          Thing.secret at src/lib.rs:3
1 of 1 break the package's code.
To accept the changes, write the types again with `cargo hubspot types`, then change the code that breaks.
"
        )
    );
}

#[test]
fn a_custom_type_that_was_created_anew_breaks_structs_that_name_its_id() {
    let package = Package::new();
    package.types(&["--lock-only", "--only", "car"]);
    package.write(
        "src/lib.rs",
        "#[derive(Record)]\n#[hubspot(object = \"2-77\")]\nstruct Old { plate: String }\n\n\
         #[derive(Record)]\n#[hubspot(object = \"p123_car\")]\nstruct Named { plate: String }\n",
    );
    package.write("account.json", &DEFINITIONS.replace("2-77", "2-78"));
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(1),
            "car
  breaks  the object type is `2-78` (`p123_car`) and was `2-77` (`p123_car`)
          Old at src/lib.rs:3
1 of 1 break the package's code.
To accept the changes, write the types again with `cargo hubspot types`, then change the code that breaks.
"
            .to_owned(),
            String::new()
        )
    );
}

#[test]
fn names_that_others_take_break_code() {
    let package = Package::new();
    package.types(&["--only", "deals"]);
    package.write(
        "src/lib.rs",
        "fn f(deal: &Deal) { deal.a_b_2; deal.record == Some(Record2::Yes); }",
    );
    package.define(|definitions| {
        let list = &mut definitions["properties"]["deals"]["results"];
        remove(list, "name", &json!("a_b"));
        let yes = json!({ "value": "Yes", "label": "Yes" });
        let options = &mut property(definitions, "record")["options"];
        options.as_array_mut().unwrap().push(yes);
    });
    let (status, stdout, _) = package.types(&["--check"]);
    assert_eq!(status, Some(1), "{stdout}");
    for lines in [
        "  breaks  the field `a_b_2` of property `a__b` will be `a_b`\n          Deal.a_b_2 at ",
        "  breaks  the variant `Yes` of option `YES` of property `record` will be `Yes2`\n          Deal.record at ",
        "  breaks  the variant `Yes2` of option `yes` of property `record` will be `Yes3`\n          Deal.record at ",
        "  ok      property `a_b` is gone\n",
    ] {
        assert!(stdout.contains(lines), "{lines}{stdout}");
    }
}

/// Wherever they are: the check is not told the folder.
#[test]
fn generated_files_are_known_by_their_header() {
    let package = Package::new();
    package.types(&["--only", "deals", "--out", "src/crm"]);
    package.write("src/lib.rs", "fn f(deal: &Deal) { deal.place; }");
    package.define(|definitions| {
        remove(
            &mut definitions["properties"]["deals"]["results"],
            "name",
            &json!("amount"),
        );
        property(definitions, "place")["type"] = json!("number");
    });
    assert_eq!(
        package.types(&["--check"]).1,
        "deals
  breaks  property `place` is `number` (text) and was `object_coordinates` (text): now `Option<f64>`
          Deal.place at src/crm/deals.rs:49
  ok      property `amount` is gone
1 of 2 break the package's code.
To accept the changes, write the types again with `cargo hubspot types`, then change the code that breaks.
"
    );
}

/// HubSpot and each account number their types apart.
#[test]
fn a_label_may_have_the_number_of_a_type_of_hubspot() {
    let package = Package::new();
    let label = json!({ "category": "USER_DEFINED", "typeId": 3, "label": "Buyer" });
    package.define(|definitions| {
        let labels = &mut definitions["associations"]["deals"]["contact"]["results"];
        labels.as_array_mut().unwrap().push(label);
    });
    package.types(&["--only", "deals,contacts"]);
    let deals = package.read("src/hubspot_types/deals.rs");
    for part in [
        "AssociationType::hubspot_defined(3);",
        "AssociationType::user_defined(3);",
        "40 => Some(Self::DecisionMaker),",
        "`None` for ids that a type of HubSpot and one of the account share.",
    ] {
        assert!(deals.contains(part), "{part}: {deals}");
    }
    assert!(!deals.contains("3 =>"), "{deals}");
    assert_eq!(package.types(&["--check"]).0, Some(0));

    package.write("src/lib.rs", "fn f() { associations::TO_CONTACTS_BUYER; }");
    package.write("account.json", DEFINITIONS);
    let (status, stdout, _) = package.types(&["--check"]);
    assert_eq!(status, Some(1), "{stdout}");
    let gone = "  breaks  association type 3 (Buyer) to `contacts` is gone\n          the constant `TO_CONTACTS_BUYER`\n";
    assert!(stdout.contains(gone), "{stdout}");
}
