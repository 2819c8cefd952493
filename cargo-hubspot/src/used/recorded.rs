//! Reads the JSON of a `ScopeRecorder`.

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::calls::{Used, UsedCall};

/// The version of the format.
const FORMAT: u64 = 1;

/// What a recorder saved.
#[derive(Deserialize)]
pub(super) struct Recorded {
    pub(super) program: String,
    since: u64,
    until: u64,
    operations: Vec<Counted>,
    raw: Vec<Counted>,
    #[serde(default)]
    not_counted: u64,
}

/// The calls of an operation, or of a path.
#[derive(Deserialize)]
struct Counted {
    id: Option<String>,
    method: String,
    path: String,
    calls: u64,
    last_used: u64,
}

impl Recorded {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text).context("it is not JSON")?;
        let format = value.get("format").and_then(Value::as_u64);
        let format =
            format.context("it is not what a `ScopeRecorder` saves: it has no `format`")?;
        ensure!(
            format == FORMAT,
            "it has format {format}, and this version of cargo-hubspot knows {FORMAT}: update the older one of both"
        );
        Self::deserialize(value).context("it is not what a `ScopeRecorder` saves")
    }

    pub(super) fn add_to(self, used: &mut Used) {
        used.covers(self.since, self.until);
        used.not_counted = used.not_counted.saturating_add(self.not_counted);
        let typed = self.operations.into_iter().map(|one| (true, one));
        for (is_typed, one) in typed.chain(self.raw.into_iter().map(|one| (false, one))) {
            let call = UsedCall::of_request(&one.method, &one.path, one.calls, Some(one.last_used));
            // The id tells versions and generated crates apart.
            let name = one.id.unwrap_or_else(|| call.call.clone());
            used.add(UsedCall {
                call: name,
                is_typed,
                ..call
            });
        }
    }
}
