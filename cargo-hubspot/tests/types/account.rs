//! Reads definitions from an account of a local HubSpot.

use hubspot_mock::{Fault, MockAccount, MockHubSpot, Property, PropertyType};
use serde_json::json;

use crate::package::{Outcome, Package, outcome};

/// What reading the definitions of custom types, and of contacts and deals, needs.
const SCOPES: [&str; 3] = [
    "crm.schemas.custom.read",
    "crm.objects.contacts.read",
    "crm.objects.deals.read",
];

/// An account with a custom type and labels, and a package.
struct Setup {
    hubspot: MockHubSpot,
    account: MockAccount,
    package: Package,
}

impl Setup {
    async fn new() -> Self {
        let hubspot = MockHubSpot::start().await.unwrap();
        let account = hubspot.account("acme");
        account.schema(&json!({
            "name": "car",
            "labels": { "singular": "Car", "plural": "Cars" },
            "requiredProperties": ["plate"],
            "properties": [
                { "name": "plate", "label": "Plate", "type": "string", "fieldType": "text", "hasUniqueValue": true },
                { "name": "fuel", "label": "Fuel", "type": "enumeration", "fieldType": "select", "options": [
                    { "label": "Petrol", "value": "petrol", "displayOrder": 0, "hidden": false },
                    { "label": "Battery", "value": "battery", "displayOrder": 1, "hidden": false },
                ] },
            ],
            "associatedObjects": ["CONTACT"],
        }));
        account.label(("contacts", "deals"), ("Buys", "Bought by"));
        Self {
            hubspot,
            account,
            package: Package::new(),
        }
    }

    fn run(&self, scopes: &[&str], arguments: &[&str]) -> Outcome {
        let token = self.account.grant(scopes.iter().copied());
        let base = [
            "--token-env",
            "THE_TOKEN",
            "--base-url",
            &self.hubspot.url(),
        ];
        let mut command = self.package.command(&[&base, arguments].concat());
        let outcome = outcome(&command.env("THE_TOKEN", &token).output().unwrap());
        assert!(!outcome.1.contains(&token) && !outcome.2.contains(&token));
        outcome
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_becomes_types() {
    let setup = Setup::new().await;
    let (status, stdout, stderr) = setup.run(&SCOPES, &["--only", "car,contact,0-3"]);
    assert_eq!((status, &*stderr), (Some(0), ""));
    assert_eq!(
        stdout,
        "wrote     src/hubspot_types/car.rs
wrote     src/hubspot_types/contacts.rs
wrote     src/hubspot_types/deals.rs
wrote     src/hubspot_types/mod.rs
wrote     hubspot-types.lock
5 files were updated.
"
    );
    let car = setup.package.read("src/hubspot_types/car.rs");
    for part in [
        "pub struct Car {",
        "pub fuel: Option<Fuel>,",
        "pub const UNIQUE_PROPERTIES: &'static [&'static str] = &[\"plate\"];",
        "    /// Battery\n    #[hubspot(name = \"battery\")]\n    Battery,\n",
        "AssociationType::user_defined(",
    ] {
        assert!(car.contains(part), "{part}: {car}");
    }
    let contacts = setup.package.read("src/hubspot_types/contacts.rs");
    for part in ["TO_DEALS_BUYS", "&[\"email\"]", "read_only"] {
        assert!(contacts.contains(part), "{part}: {contacts}");
    }
    assert_eq!(
        setup.run(&SCOPES, &["--check"]),
        (
            Some(0),
            "The account is as the lock file has it.\n".to_owned(),
            String::new()
        )
    );

    let shade = Property::new("shade", PropertyType::Text);
    setup.account.property("car", shade);
    assert_eq!(
        setup.run(&SCOPES, &["--check"]),
        (
            Some(0),
            "car
  ok      property `shade` was added
Nothing of this breaks the package's code.
To accept the changes, write the types again with `cargo hubspot types`.
"
            .to_owned(),
            String::new()
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn types_that_the_token_may_not_read_are_left_out_unless_they_are_named() {
    let setup = Setup::new().await;
    let (status, stdout, stderr) = setup.run(&["crm.objects.contacts.read"], &[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(
        stdout.contains("contacts.rs") && !stdout.contains("car.rs"),
        "{stdout}"
    );
    let warning = "warning: the custom object types were skipped: ";
    assert!(
        stderr.starts_with(warning) && stderr.contains("crm.schemas.custom.read"),
        "{stderr}"
    );

    let before = setup.package.files();
    let (status, stdout, stderr) =
        setup.run(&["crm.objects.contacts.read"], &["--only", "contacts,car"]);
    assert_eq!((status, &*stdout), (Some(2), ""));
    assert!(
        stderr.starts_with("error: cannot read the custom object types: "),
        "{stderr}"
    );
    let (status, _, stderr) = setup.run(&["oauth"], &["--only", "contacts"]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.starts_with("error: cannot read the properties of `contacts`: "),
        "{stderr}"
    );
    let (status, _, stderr) = setup.run(&SCOPES, &["--only", "boat"]);
    assert_eq!(status, Some(2));
    assert_eq!(
        stderr,
        "error: there is no object type `boat`; the custom object types are `car`\n"
    );
    assert_eq!(setup.package.files(), before);
}

/// HubSpot refuses to list the properties of one type.
#[tokio::test(flavor = "multi_thread")]
async fn one_type_that_is_forbidden_does_not_hide_the_others() {
    let setup = Setup::new().await;
    let forbidden = Fault::status(403).on("/crm/properties/2026-09/deals");
    setup.hubspot.fail_next_n(2, forbidden);
    let (status, stdout, stderr) = setup.run(&SCOPES, &[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(
        stderr.contains("warning: `deals` was skipped: "),
        "{stderr}"
    );
    assert!(
        stdout.contains("contacts.rs") && stdout.contains("car.rs"),
        "{stdout}"
    );
    assert!(!stdout.contains("deals.rs"), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_can_no_longer_be_read_fails_the_check_alone() {
    let setup = Setup::new().await;
    setup.run(&SCOPES, &["--only", "contact,deals"]);
    let before = setup.package.files();
    setup.hubspot.fail_next(Fault::status(403));
    let (status, stdout, stderr) = setup.run(&SCOPES, &["--check"]);
    assert_eq!((status, &*stderr), (Some(1), ""), "{stdout}");
    assert!(
        stdout.contains("\n  breaks  cannot be read: ")
            && stdout.contains("403")
            && stdout.contains("\n1 of 1 break the package's code.\n"),
        "{stdout}"
    );
    assert_eq!(setup.package.files(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_that_can_no_longer_be_read_fail_the_check_if_code_names_them() {
    let setup = Setup::new().await;
    setup.run(&SCOPES, &["--only", "contact,deals"]);
    let check = || {
        let labels = setup.hubspot.on("association_definitions.list_labels");
        labels.answer_with(
            403,
            json!({ "status": "error", "message": "no", "category": "MISSING_SCOPES" }),
        );
        setup.run(&SCOPES, &["--check"])
    };
    let (status, stdout, _) = check();
    assert_eq!(status, Some(0), "{stdout}");
    let code = "fn f() { associations::TO_DEALS_BUYS; }";
    setup.package.write("src/lib.rs", code);
    let (status, stdout, stderr) = check();
    assert_eq!(status, Some(1), "{stdout}{stderr}");
    assert!(
        stdout.contains(
            " (Buys) to `deals` cannot be read\n          the constant `TO_DEALS_BUYS`\n"
        ),
        "{stdout}"
    );
}
