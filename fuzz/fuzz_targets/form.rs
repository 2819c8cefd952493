//! The mock's reader of queries and forms: no text makes it panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

// Private to the mock; the file stands by itself.
#[path = "../../hubspot-mock/src/values/form.rs"]
#[allow(dead_code)]
mod form;

fuzz_target!(|text: &str| {
    if let Ok(pairs) = form::decode(text) {
        let parts = text.split('&').filter(|part| !part.is_empty());
        assert_eq!(pairs.len(), parts.count(), "{text:?}");
    }
});
