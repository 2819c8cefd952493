//! `--check`: what a change does to the generated code, and to structs by hand.

use serde_json::{Value, json};

use crate::check::{property, remove};
use crate::package::{DEFINITIONS, Package};

/// Adds an option to a property of deals.
fn option(definitions: &mut Value, name: &str, value: &str) {
    let property = property(definitions, name).as_object_mut().unwrap();
    let options = property.entry("options").or_insert_with(|| json!([]));
    let option = json!({ "value": value, "label": value });
    options.as_array_mut().unwrap().push(option);
}

#[test]
fn options_that_make_another_type_break_code() {
    let before = |definitions: &mut Value| {
        let multi = json!({ "name": "multi", "type": "enumeration", "fieldType": "checkbox" });
        let list = &mut definitions["properties"]["deals"]["results"];
        list.as_array_mut().unwrap().push(multi);
    };
    for (name, value, ty) in [
        ("hubspot_owner_id", "1", "Option<HubspotOwnerId>"),
        ("multi", "a", "Vec<Multi>"),
        ("is_new", "maybe", "Option<IsNew>"),
    ] {
        let package = Package::new();
        package.define(before);
        package.types(&["--only", "deals"]);
        package.write(
            "src/lib.rs",
            &format!(
                "fn f(deal: &Deal) {{ deal.{name}; }}\n#[derive(Record)]\n#[hubspot(object = \"deals\")]\n\
                 struct Flags {{ is_new: Option<bool>, hubspot_owner_id: Option<String> }}\n"
            ),
        );
        package.define(|definitions| {
            before(definitions);
            option(definitions, name, value);
        });
        let (status, stdout, stderr) = package.types(&["--check"]);
        assert_eq!((status, &*stderr), (Some(1), ""), "{stdout}");
        let lines = format!(
            "deals\n  breaks  property `{name}` has another type because of its options: now `{ty}`\n          Deal.{name} at "
        );
        assert!(stdout.starts_with(&lines), "{lines}{stdout}");
        // Text reads every value.
        assert_eq!(
            stdout.contains("Flags.is_new"),
            name == "is_new",
            "{stdout}"
        );
        assert!(!stdout.contains("Flags.hubspot_owner_id"), "{stdout}");

        package.types(&[]);
        let deals = package.read("src/hubspot_types/deals.rs");
        assert!(deals.contains(&format!("pub {name}: {ty},")), "{deals}");
    }
}

#[test]
fn a_date_that_becomes_a_time_breaks_code_with_two_types_for_them() {
    let code = "fn f(deal: &Deal) { deal.due; }\n#[derive(Record)]\n#[hubspot(object = \"deals\")]\nstruct Own { due: ";
    for (dates, own, expected) in [
        ("text", "DateTime", &[][..]),
        ("text", "jiff::civil::Date", &["Own"]),
        ("jiff", "DateTime", &["Deal"]),
    ] {
        let package = Package::new();
        package.types(&["--only", "deals", "--dates", dates]);
        package.write("src/lib.rs", &format!("{code}Option<{own}> }}\n"));
        package.define(|definitions| property(definitions, "due")["type"] = json!("datetime"));
        let (status, stdout, _) = package.types(&["--check"]);
        assert_eq!(status, Some(i32::from(!expected.is_empty())), "{stdout}");
        let now = if dates == "jiff" {
            ": now `Option<jiff::Timestamp>`"
        } else {
            ""
        };
        let line = format!("  property `due` is `datetime` (date) and was `date` (date){now}\n");
        assert!(stdout.contains(&line), "{line}{stdout}");
        for record in ["Own", "Deal"] {
            let is_told = stdout.contains(&format!("{record}.due at "));
            assert_eq!(is_told, expected.contains(&record), "{stdout}");
        }
    }
}

#[test]
fn more_options_of_the_same_type_break_nothing() {
    let package = Package::new();
    package.types(&["--only", "deals"]);
    package.write(
        "src/lib.rs",
        "fn f(deal: &Deal) { deal.colors; Colors::Red; }",
    );
    package.define(|definitions| option(definitions, "colors", "green"));
    assert_eq!(package.types(&["--check"]).0, Some(0));
}

#[test]
fn an_enum_whose_name_another_takes_breaks_code_that_names_it() {
    for (arguments, code, expected) in [
        (&[][..], "use hubspot_types::deals::Colors;", Some(1)),
        (&[], "fn f(deal: &Deal) { deal.colors.len(); }", Some(0)),
        // Without a use of the other property, nothing takes the name.
        (
            &["--properties", "used"],
            "use hubspot_types::deals::Colors; const ASKED: &str = \"colors\";",
            Some(0),
        ),
        (
            &["--properties", "used"],
            "use hubspot_types::deals::Colors; const ASKED: &str = \"colors,COLORS\";",
            Some(1),
        ),
    ] {
        let package = Package::new();
        package.write("src/lib.rs", code);
        package.types(&[&["--only", "deals"], arguments].concat());
        package.define(|definitions| {
            let mut other = property(definitions, "colors").clone();
            other["name"] = json!("COLORS");
            let list = &mut definitions["properties"]["deals"]["results"];
            list.as_array_mut().unwrap().push(other);
        });
        let (status, stdout, _) = package.types(&["--check"]);
        assert_eq!(status, expected, "{code}: {stdout}");
        let lines = "  breaks  the enum `Colors` of property `colors` will be `Colors2`\n          Deal.colors at ";
        assert_eq!(stdout.contains(lines), expected == Some(1), "{stdout}");
        package.types(&[]);
        let deals = package.read("src/hubspot_types/deals.rs");
        let is_renamed = deals.contains("pub colors: Vec<Colors2>,");
        assert_eq!(is_renamed, deals.contains("name = \"COLORS\""), "{deals}");
    }
}

#[test]
fn an_enum_that_goes_with_its_property_breaks_code_that_names_it() {
    let package = Package::new();
    package.types(&["--only", "deals"]);
    package.write(
        "src/lib.rs",
        "fn f(color: &hubspot_types::deals::Colors) {}",
    );
    package.define(|definitions| {
        let list = &mut definitions["properties"]["deals"]["results"];
        remove(list, "name", &json!("colors"));
    });
    let (status, stdout, _) = package.types(&["--check"]);
    assert_eq!(status, Some(1), "{stdout}");
    let lines = "  breaks  property `colors` is gone\n          Deal.colors at ";
    assert!(stdout.contains(lines), "{stdout}");
}

#[test]
fn a_struct_whose_name_becomes_free_breaks_code_that_names_it() {
    let package = Package::new();
    let second = |definitions: &mut Value| {
        let schemas = &mut definitions["schemas"]["results"];
        let mut other = schemas[0].clone();
        other["id"] = json!("2-78");
        other["objectTypeId"] = json!("2-78");
        other["name"] = json!("Car");
        other["fullyQualifiedName"] = json!("p123_Car");
        other["associations"] = json!([]);
        schemas.as_array_mut().unwrap().push(other);
    };
    package.define(second);
    package.types(&["--only", "2-77,2-78"]);
    package.write("src/lib.rs", "use hubspot_types::{Car2, car_2};");
    // The module keeps its name: it is spelled like it.
    assert_eq!(package.types(&["--check"]).0, Some(0));
    package.write("account.json", DEFINITIONS);
    let (status, stdout, _) = package.types(&["--check"]);
    assert_eq!(status, Some(1), "{stdout}");
    assert!(
        stdout.contains("  breaks  the struct `Car2` will be `Car`\n          Car2 at "),
        "{stdout}"
    );
}

#[test]
fn the_id_of_a_record_is_no_property() {
    let package = Package::new();
    package.types(&["--lock-only", "--only", "contacts"]);
    let code = |ids: &str| {
        format!(
            "#[derive(Record)]\n#[hubspot(object = \"contacts\")]\nstruct Lead {{ {ids} email: String }}\n"
        )
    };
    for (ids, property) in [
        ("#[hubspot(id)] record: Id,", None),
        ("id: RecordId,", None),
        ("#[hubspot(name = \"id\")] id: String,", Some("id")),
        ("record: Id,", Some("record")),
    ] {
        package.write("src/lib.rs", &code(ids));
        let (status, stdout, _) = package.types(&["--check"]);
        let told = property.map(|name| format!("there is no property `{name}`\n"));
        assert_eq!(status, Some(i32::from(told.is_some())), "{stdout}");
        assert!(stdout.contains(&told.unwrap_or_default()), "{stdout}");
    }
}

#[test]
fn a_name_without_the_account_is_checked() {
    let package = Package::new();
    let (status, _, stderr) = package.types(&["--lock-only", "--only", "p_car"]);
    assert_eq!((status, &*stderr), (Some(0), ""));
    package.write(
        "src/lib.rs",
        "#[derive(Record)]\n#[hubspot(object = \"p_car\")]\nstruct Car { plate: String, doors: i64 }\n\
         #[derive(Record)]\n#[hubspot(object = \"p_boat\")]\nstruct Boat { name: String }\n",
    );
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(1),
            "car
  breaks  there is no property `doors`
          Car.doors at src/lib.rs:3
p_boat
  unchecked  not in the lock file: add it with `--only`
          Boat at src/lib.rs:6
1 of 2 break the package's code.
To accept the changes, write the types again with `cargo hubspot types`, then change the code that breaks.
"
            .to_owned(),
            String::new()
        )
    );
    package.write(
        "src/lib.rs",
        "#[derive(Record)]\n#[hubspot(object = \"p_boat\")]\nstruct Boat {}\n",
    );
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(0),
            "p_boat
  unchecked  not in the lock file: add it with `--only`
          Boat at src/lib.rs:3
Nothing of this breaks the package's code.
"
            .to_owned(),
            String::new()
        )
    );
}
