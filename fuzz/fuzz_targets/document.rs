//! Loading and lowering of OpenAPI documents: no document makes the generator panic.
#![no_main]

use std::io;

use hubspot_codegen::{config::Config, load::Origin};
use libfuzzer_sys::fuzz_target;

const APIS: &str = include_str!("../../specs/apis.toml");
const SCOPES: &str = include_str!("../../specs/scopes.toml");

fuzz_target!(|bytes: &[u8]| {
    let config = Config::parse(("apis.toml", APIS), ("scopes.toml", SCOPES));
    let config = config.unwrap_or_else(|errors| panic!("specs/ is refused: {errors}"));
    // Every file has this content, so that references lead somewhere, too.
    let read = |_: &str| -> io::Result<Vec<u8>> { Ok(bytes.to_vec()) };
    let _ = hubspot_codegen::documents(&config, Origin::Own, &[], &read);
});
