//! The versions of the APIs: what the client calls them, and until when HubSpot supports them.

use serde::Deserialize;

/// A version of the APIs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Version {
    /// As in paths: `2026-09`.
    pub name: String,
    /// The module that holds it: `v2026_09`.
    pub module: String,
    /// The cargo feature that it needs; none for the current version, and for one that only the mock knows.
    #[serde(default)]
    pub feature: Option<String>,
    /// Until when HubSpot supports it, by each source.
    #[serde(default)]
    pub support: Vec<Support>,
    /// How CRM writes differ from those of older versions, in a way that documents do not show.
    #[serde(default)]
    pub on_crm_writes: Option<String>,
}

/// The end of support of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Support {
    /// The date, or the month: `September 2027`.
    pub until: String,
    /// Who says so.
    pub source: String,
}
