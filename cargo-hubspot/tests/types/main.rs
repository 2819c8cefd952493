//! `cargo hubspot types`: what it writes, what it refuses, and what it says of changes.
//!
//! `generated/` is what it writes for `definitions.json`; `TYPES=overwrite cargo test -p cargo-hubspot --test types` writes it
//! again.

#![cfg(feature = "generate")]

mod account;
mod bad_input;
mod check;
mod code;
mod generated;
mod gone;
mod package;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use package::Package;

/// The files that are written for `definitions.json`.
const FILES: [&str; 5] = [
    "hubspot-types.lock",
    "src/hubspot_types/car.rs",
    "src/hubspot_types/contacts.rs",
    "src/hubspot_types/deals.rs",
    "src/hubspot_types/mod.rs",
];

#[test]
fn definitions_become_types() {
    let package = Package::new();
    let wrote = FILES.map(|file| format!("wrote     {file}\n"));
    let mut order = wrote.to_vec();
    order.rotate_left(1);
    assert_eq!(
        package.types(&["--integers", "deals.pages,wheels"]),
        (
            Some(0),
            order.concat() + "5 files were updated.\n",
            String::new()
        )
    );
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/types/generated");
    for file in FILES {
        let written = package.read(file);
        let name = Path::new(file).file_name().unwrap();
        if std::env::var_os("TYPES").is_some_and(|value| value == "overwrite") {
            fs::write(expected.join(name), &written).unwrap();
        }
        let expected = fs::read_to_string(expected.join(name)).unwrap();
        assert_eq!(written, expected, "{file}");
        if file.starts_with("src") {
            syn::parse_file(&written).unwrap();
        }
    }

    let before = package.files();
    let again = package.types(&[]);
    assert_eq!(
        again,
        (
            Some(0),
            "The types are up to date.\n".to_owned(),
            String::new()
        )
    );
    assert_eq!(package.files(), before);
}

#[test]
fn written_types_compile() {
    use generated::deals::{Colors, Record2, associations};
    use generated::{Car, Contact, Deal};
    use hubspot_generated::{AssociationType, PropertyValue as _, Record as _};

    assert_eq!(
        [Car::OBJECT, Contact::OBJECT, Deal::OBJECT],
        ["p123_car", "contacts", "deals"]
    );
    assert_eq!(Contact::PROPERTIES, ["allergies", "email", "ssn"]);
    assert!(
        ["2fa", "a__b", "id", "self", "type"]
            .iter()
            .all(|name| Deal::PROPERTIES.contains(name))
    );
    assert_eq!(Record2::from_property("yes"), Some(Record2::Yes2));
    assert_eq!(Record2::Yes.to_property(), "YES");
    assert_eq!(Colors::OPTIONS, ["blue", "red"]);
    assert_eq!(associations::TO_CONTACTS_DECISION_MAKER.id(), 40);
    let label = associations::ToContacts::from_id(40).unwrap();
    assert_eq!(label, associations::ToContacts::DecisionMaker);
    assert_eq!(AssociationType::<Deal, Contact>::from(label).id(), 40);
    let _filter = Deal::AMOUNT.gte(10.0).and(Deal::RECORD.eq(Record2::Minus1));
}

#[test]
fn the_order_of_definitions_does_not_matter() {
    let package = Package::new();
    package.types(&[]);
    let before = package.files();
    package.define(|definitions| {
        for lists in ["/properties/deals/results", "/properties/0-1/results"] {
            let list = definitions.pointer_mut(lists).unwrap();
            list.as_array_mut().unwrap().reverse();
        }
        let options = definitions.pointer_mut("/properties/deals/results/1/options");
        options.unwrap().as_array_mut().unwrap().reverse();
    });
    assert_eq!(package.types(&[]).1, "The types are up to date.\n");
    let mut after = package.files();
    after.retain(|path, _| !path.ends_with("account.json"));
    for (path, file) in after {
        assert_eq!(before.get(&path), Some(&file), "{}", path.display());
    }
}

#[test]
fn types_and_properties_are_selected() {
    let package = Package::new();
    package.write(
        "src/lib.rs",
        r#"
            fn total(deal: &Deal) -> f64 { deal.amount.unwrap_or_default() }
            const ASKED: &str = "due, closedate";
            fn filter() { Deal::PAGES.gte(3); }
        "#,
    );
    let (status, stdout, stderr) = package.types(&["--only", "0-3", "--properties", "used"]);
    assert_eq!((status, &*stderr), (Some(0), ""));
    assert_eq!(
        stdout,
        "wrote     src/hubspot_types/deals.rs
wrote     src/hubspot_types/mod.rs
wrote     hubspot-types.lock
3 files were updated.
"
    );
    assert_eq!(
        fields(&package.read("src/hubspot_types/deals.rs")),
        ["id", "amount", "closedate", "due", "pages"]
    );

    // The next run takes what the lock file has, and types that are no longer wanted go.
    package.write("src/lib.rs", "fn total(deal: &Deal) { deal.amount; }");
    package.types(&["--only", "car,deal", "--dates", "jiff"]);
    package.types(&[]);
    assert_eq!(
        fields(&package.read("src/hubspot_types/deals.rs")),
        ["id", "amount"]
    );
    assert_eq!(
        package
            .read("src/hubspot_types/mod.rs")
            .matches("pub mod")
            .count(),
        2
    );
    package.types(&["--only", "car", "--properties", "all"]);
    assert!(!package.path().join("src/hubspot_types/deals.rs").exists());
    package.types(&["--only", "all"]);
    let deals = package.read("src/hubspot_types/deals.rs");
    assert!(deals.contains("pub closedate: Option<jiff::Timestamp>"));
    assert!(deals.contains("pub due: Option<jiff::civil::Date>"));
}

/// The fields of the struct in a file.
fn fields(text: &str) -> Vec<String> {
    let file = syn::parse_file(text).unwrap();
    let fields = file.items.into_iter().find_map(|item| match item {
        syn::Item::Struct(item) => Some(item.fields),
        _ => None,
    });
    let names = fields.unwrap().into_iter();
    names
        .map(|field| field.ident.unwrap().to_string())
        .collect()
}

#[test]
fn dates_and_numbers_have_the_chosen_types() {
    let package = Package::new();
    for (dates, numbers, expected) in [
        ("text", "f64", ["DateTime", "DateTime", "f64"]),
        (
            "jiff",
            "decimal",
            [
                "jiff::Timestamp",
                "jiff::civil::Date",
                "rust_decimal::Decimal",
            ],
        ),
        (
            "chrono",
            "f64",
            ["chrono::DateTime<chrono::Utc>", "chrono::NaiveDate", "f64"],
        ),
        ("time", "f64", ["time::OffsetDateTime", "time::Date", "f64"]),
    ] {
        package.types(&["--dates", dates, "--numbers", numbers]);
        let deals = package.read("src/hubspot_types/deals.rs");
        let fields = BTreeMap::from([
            ("closedate", expected[0]),
            ("due", expected[1]),
            ("amount", expected[2]),
        ]);
        for (field, ty) in fields {
            let line = format!("    pub {field}: Option<{ty}>,\n");
            assert!(deals.contains(&line), "{line}: {deals}");
        }
    }
}

#[test]
fn what_is_done_to_files_is_told() {
    let package = Package::new();
    package.types(&[]);
    let (status, stdout, _) = package.types(&["--only", "car,contacts"]);
    assert_eq!(
        (status, &*stdout),
        (
            Some(0),
            "updated   src/hubspot_types/mod.rs
removed   src/hubspot_types/deals.rs
updated   hubspot-types.lock
3 files were updated.
"
        )
    );
}

#[test]
fn temporary_files_of_a_killed_run_do_not_stop_the_next() {
    let package = Package::new();
    package.types(&["--only", "car,deals"]);
    let left = ["src/hubspot_types/.generated-x1Y2z3", ".generated-abcdef"];
    for name in left {
        package.write(name, "//! Half");
    }
    assert_eq!(package.types(&[]).1, "The types are up to date.\n");
    let (status, _, stderr) = package.types(&["--only", "car"]);
    assert_eq!((status, &*stderr), (Some(0), ""));
    for name in left {
        assert!(!package.path().join(name).exists(), "{name}");
    }
}

#[test]
fn properties_whose_names_no_field_can_have_are_told() {
    let package = Package::new();
    package.define(|definitions| {
        let list = &mut definitions["properties"]["deals"]["results"];
        for name in ["größe", "a b", "a-b.c"] {
            let new = serde_json::json!({ "name": name, "type": "string" });
            list.as_array_mut().unwrap().push(new);
        }
    });
    let (status, _, stderr) = package.types(&[]);
    assert_eq!(
        (status, &*stderr),
        (
            Some(0),
            "warning: properties of `deals` have no fields: `a b`, `größe`. A field needs a name of ASCII letters, digits, `_`, \
             `-` and `.`\n"
        )
    );
}

#[test]
fn types_by_hand_need_the_lock_file_only() {
    let package = Package::new();
    let (status, stdout, _) = package.types(&["--lock-only"]);
    assert_eq!(status, Some(0));
    assert_eq!(
        stdout,
        "wrote     hubspot-types.lock\n1 file was updated.\n"
    );
    assert!(!package.path().join("src/hubspot_types").exists());
}
