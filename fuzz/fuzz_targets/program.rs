//! Finding descriptions of operations in finished programs: no file makes the audit panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

// A program has no library to depend on; the file stands by itself.
#[path = "../../cargo-hubspot/src/binary/read.rs"]
#[allow(dead_code)]
mod read;

/// What the file needs of the audit's model.
#[path = "."]
mod model {
    #[path = "../../cargo-hubspot/src/model/text.rs"]
    #[allow(dead_code)]
    pub(crate) mod text;
}

fuzz_target!(|bytes: &[u8]| {
    let mut found = read::Found::default();
    let _ = read::in_file(bytes, &mut found);
});
