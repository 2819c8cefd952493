//! Generates the module `hubspot` from two documents, on every change of them.

use std::env;
use std::error::Error;
use std::path::Path;

use hubspot_codegen::Generator;

const DOCUMENTS: [&str; 2] = ["../beta/openapi/visits.yaml", "openapi/surveys.yaml"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut generator = Generator::new("hubspot");
    for document in DOCUMENTS {
        println!("cargo::rerun-if-changed={document}");
        generator = generator.document(document);
    }
    generator
        .handle("2027-03-beta", "beta")
        .new_scope("field.visits.read")
        .new_scope("field.visits.write")
        .serde()
        .write(&Path::new(&env::var("OUT_DIR")?).join("hubspot"))?;
    Ok(())
}
