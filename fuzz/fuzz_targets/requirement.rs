//! The grammar of requirements: no text makes the parser panic, and what it accepts is printed and read back unchanged.
#![no_main]

use hubspot_scopes::Requirement;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(requirement) = text.parse::<Requirement>() {
        let again = requirement.to_string().parse::<Requirement>();
        assert_eq!(again.as_ref(), Ok(&requirement), "{text:?}");
    }
});
