//! Pipelines of an object type, and their stages.

use std::collections::BTreeMap;

use crate::values::PropertyId;

/// A pipeline with its stages.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) display_order: i64,
    pub(crate) stages: Vec<Stage>,
    /// Milliseconds since 1970, as all times here.
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) display_order: i64,
    /// `probability`, `ticketState`, …
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// The properties with which records name their pipeline and stage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PipelineProperties {
    pub(crate) pipeline: PropertyId,
    pub(crate) stage: PropertyId,
}
