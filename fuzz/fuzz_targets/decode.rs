//! The client's decoder: it accepts exactly the JSON that `serde_json` accepts, reads the same values, and never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::Value;

// Private to the client; the module stands by itself.
#[path = "../../hubspot-generated/src"]
#[allow(dead_code, unused_imports, unused_macros)]
mod runtime {
    pub(crate) mod decode;
    pub(crate) mod plain;
    pub(crate) mod record_error;
    pub(crate) mod texts;
}
use runtime::{decode, plain, record_error, texts};

/// Where the client's macros look for its runtime.
mod __rt {
    pub(crate) use super::decode;
}

use decode::fields::entries;
use decode::{Decode, Decoded, Decoder, ReadBody, decode as read};

/// Every kind of field.
#[derive(Default)]
struct Model {
    id: String,
    number: i64,
    float: f64,
    flag: bool,
    inner: Option<Box<Model>>,
    list: Vec<Model>,
    map: std::collections::BTreeMap<String, Option<String>>,
    value: Value,
}

decode::decode_fields!(
    Model; "id" id, "number" number, "float" float, "flag" flag, "inner" inner, "list" list, "map" map, "value" value
);

/// A value that is checked and dropped.
struct Skipped;

impl Decode for Skipped {
    fn empty() -> Self {
        Self
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        decoder.skip()
    }
}

fuzz_target!(|body: &[u8]| {
    let text = std::str::from_utf8(body).ok();
    let is_grammatical = text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    assert_eq!(read::<Skipped>(body).is_ok(), is_grammatical);
    let value = read::<Value>(body);
    match serde_json::from_slice::<Value>(body) {
        // No body at all is null.
        Err(_) if body.is_empty() => assert_eq!(value.ok(), Some(Value::Null)),
        Ok(expected) => {
            assert_eq!(value.ok().as_ref(), Some(&expected));
            assert_eq!(Value::read_body(body).ok(), Some(expected));
        }
        // Half of a surrogate pair is read.
        Err(error)
            if error.to_string().contains("surrogate")
                || error.to_string().contains("hex escape") => {}
        Err(_) => assert!(value.is_err()),
    }
    for error in [read::<Model>(body).err(), entries(body).err()]
        .into_iter()
        .flatten()
    {
        assert!(error.what().len() < 200 && error.path().len() <= 128 * 1002);
    }
});
