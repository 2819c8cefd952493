//! What HubSpot defines, and what an account, an app or a test may define: object types, properties, operations, limits.

pub(crate) mod app;
pub(crate) mod association_type;
pub(crate) mod fault;
pub(crate) mod normalize;
pub(crate) mod object_type;
pub(crate) mod operation;
pub(crate) mod property;
pub(crate) mod property_type;
pub(crate) mod rule;
pub(crate) mod standard;
pub(crate) mod tier;
pub(crate) mod token_kind;
pub(crate) mod value;
