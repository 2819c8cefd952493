//! Documents in memory, and what is wrong with them.

use hubspot_codegen::config::Config;
use hubspot_codegen::lower::lower;

use super::files::{lines, load_from};

/// The messages about documents of which `a.yaml` is the one that is asked for.
pub(crate) fn messages(files: &[(&str, &str)]) -> Vec<String> {
    let config = Config::ad_hoc("things", "v1", files[0].0);
    match load_from(&config, files) {
        Ok(sources) => lower(&sources, &config)
            .refused
            .iter()
            .map(ToString::to_string)
            .collect(),
        Err(errors) => lines(&errors),
    }
}

/// A document with one operation, `GET /things`, that answers with the schema `Thing`.
pub(crate) fn document(thing: &str) -> String {
    operation(&format!(
        "      responses:
        '200': {{ description: ., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Thing' }} }} }} }}
components:
  schemas:
    Thing: {thing}
"
    ))
}

/// A document with one operation, `GET /things`.
pub(crate) fn operation(rest: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{ title: Things, version: v1 }}
security: [{{ oauth2: [] }}]
paths:
  /things:
    get:
{rest}"
    )
}

#[track_caller]
pub(crate) fn refuses(document: &str, message: &str) {
    assert_eq!(messages(&[("a.yaml", document)]), [message]);
}
