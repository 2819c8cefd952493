//! Generates the module `hubspot` from a document, on every change of it.

use std::env;
use std::error::Error;
use std::path::Path;

use hubspot_codegen::Generator;

const DOCUMENT: &str = "../beta/openapi/visits.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    Generator::new("hubspot")
        .document(DOCUMENT)
        .handle("2027-03-beta", "beta")
        .new_scope("field.visits.read")
        .new_scope("field.visits.write")
        .write(&Path::new(&env::var("OUT_DIR")?).join("hubspot"))?;
    Ok(())
}
