//! What std's derives take, derived code takes too: lints and names that others would stumble over.

use hubspot_generated::{Properties, Record};

mod around {
    #![deny(warnings)]

    #[allow(dead_code)]
    mod std {}

    #[allow(dead_code)]
    trait Clone {}

    #[derive(hubspot_generated::Record)]
    #[hubspot(object = "p_test")]
    #[deprecated]
    #[allow(non_snake_case)]
    pub(super) struct Old {
        #[deprecated]
        pub(super) fooBar: Option<String>,
    }

    #[derive(hubspot_generated::PropertyEnum)]
    #[deprecated]
    #[allow(dead_code)]
    pub(super) enum OldOption {
        A,
        Other(String),
    }
}

#[test]
#[allow(deprecated)]
fn derived_code_heeds_its_surroundings() {
    let properties = Properties::from([("fooBar", "x")]);
    let old = around::Old::read("7", &properties).unwrap();
    assert_eq!(old.fooBar.as_deref(), Some("x"));
    assert_eq!(around::OldOption::OPTIONS, ["a"]);
}
