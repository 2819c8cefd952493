//! What an invalid value does to a batch.

/// What an invalid value does to a batch update or upsert. Reports about HubSpot differ, so a program should handle both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum InvalidValues {
    /// The request fails with 400 and has no effect.
    #[default]
    Whole,
    /// The input fails. The response is 207.
    PerInput,
}
