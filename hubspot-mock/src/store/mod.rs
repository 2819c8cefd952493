//! The state of a server: accounts with their records, tokens, limits, planned faults and the journal.

pub(crate) mod account;
pub(crate) mod associations;
pub(crate) mod collection;
pub(crate) mod crm;
pub(crate) mod faults;
pub(crate) mod identities;
pub(crate) mod journal;
pub(crate) mod limits;
pub(crate) mod record;
pub(crate) mod summary;
pub(crate) mod tokens;
pub(crate) mod world;
