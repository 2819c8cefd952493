//! Runs over many records, against the local HubSpot, whose store is the judge.

mod journal;
mod outcomes;
mod sources;
mod support;
