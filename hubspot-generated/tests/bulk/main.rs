//! Runs and walks over many records, against the local HubSpot, whose store is the judge.

mod journal;
mod outcomes;
mod settle;
mod sources;
mod support;
mod walk;
