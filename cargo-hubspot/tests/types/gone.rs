//! Object types that are gone, and those that the derive does not take.

use serde_json::{Value, json};

use crate::package::Package;

/// Removes the schema. Labels of the type are still in the file.
fn without_car(definitions: &mut Value) {
    definitions["schemas"]["results"] = json!([]);
    definitions["associations"]["deals"]["car"] = json!({ "results": [] });
}

#[test]
fn a_type_that_is_gone_is_told_of_a_file() {
    let package = Package::new();
    package.types(&["--only", "car,deals"]);
    package.define(without_car);
    package.write("src/lib.rs", "fn f(car: &Car) {}");
    let (status, stdout, stderr) = package.types(&["--check"]);
    assert_eq!((status, &*stderr), (Some(1), ""), "{stdout}");
    assert!(
        stdout.starts_with("car\n  breaks  the object type is gone\n          Car at "),
        "{stdout}"
    );

    // It was the only one.
    let package = Package::new();
    package.types(&["--only", "car"]);
    package.write("account.json", r#"{"schemas": {"results": []}}"#);
    assert_eq!(
        package.types(&["--check"]),
        (
            Some(0),
            "car
  ok      the object type is gone
Nothing of this breaks the package's code.
To accept the changes, write the types again with `cargo hubspot types`.
"
            .to_owned(),
            String::new()
        )
    );
    package.write("account.json", "{}");
    assert_eq!(package.types(&["--check"]).0, Some(2));
}

#[test]
fn a_name_that_the_lock_file_does_not_have_is_no_type_that_is_gone() {
    let package = Package::new();
    package.types(&["--only", "deals"]);
    package.define(|definitions| definitions["properties"]["dales"] = json!({ "results": [] }));
    let (status, _, stderr) = package.types(&["--check"]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.contains("there is no object type `dales`"),
        "{stderr}"
    );
}

#[test]
fn a_new_list_of_types_accepts_that_one_is_gone() {
    let package = Package::new();
    package.types(&["--only", "car,contacts,deals"]);
    package.define(|definitions| {
        definitions["schemas"]["results"] = json!([]);
        definitions["associations"] = json!({});
    });
    package.refuses(
        &["--from", "account.json"],
        "cannot use the definitions in `account.json`: there is no object type `car`; there are no custom object types. The lock \
         file has `car`: to accept that it is gone, list the types to keep with `--only`",
    );
    package.define(|definitions| {
        let properties = definitions["properties"].as_object_mut().unwrap();
        properties.remove("0-1");
    });
    package.refuses(
        &["--from", "account.json"],
        "`account.json` does not define `contacts`. The lock file has `contacts`: to accept that it is gone, list the types to \
         keep with `--only`",
    );
    // The user has named it.
    package.refuses(
        &["--from", "account.json", "--only", "contacts"],
        "`account.json` does not define `contacts`",
    );
    assert_eq!(package.types(&["--only", "car,deals"]).0, Some(0));
}

#[test]
fn types_whose_names_the_derive_does_not_take_are_called_by_their_ids() {
    for name in [
        json!("car"),
        json!(""),
        json!("P123_A"),
        json!("p123_a-b"),
        json!("p123_a b"),
        json!("p123_a/b"),
        json!("p1_a.b"),
        json!("p123_größe"),
        json!(null),
    ] {
        let package = Package::new();
        package.define(|definitions| {
            definitions["schemas"]["results"][0]["fullyQualifiedName"] = name.clone();
        });
        let (status, _, stderr) = package.types(&["--only", "car"]);
        assert_eq!((status, &*stderr), (Some(0), ""), "{name}");
        let car = package.read("src/hubspot_types/car.rs");
        assert!(
            car.contains("#[hubspot(object = \"2-77\")]"),
            "{name}: {car}"
        );
    }

    let package = Package::new();
    package.define(|definitions| {
        let schema = &mut definitions["schemas"]["results"][0];
        schema["id"] = json!("weird");
        schema["objectTypeId"] = json!("weird");
        schema["fullyQualifiedName"] = json!(null);
        schema["associations"] = json!([]);
    });
    package.refuses(
        &["--from", "account.json", "--only", "car"],
        "cannot use the definitions in `account.json`: `#[derive(Record)]` takes neither the name nor the id of the object type \
         `car`: the id is `weird`, and not like `2-123`",
    );
}
