//! From `OpenAPI` documents to the code of a scope-checked `HubSpot` client, one stage a module.

pub mod config;
pub mod conform;
pub mod correct;
pub mod error;
pub mod load;
pub mod lower;
pub mod model;
pub mod parallel;
pub mod wording;
