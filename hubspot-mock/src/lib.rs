//! A HubSpot on your own machine, as strict as the real one.
//!
//! Comes in: HTTP requests, and what a test sets up. Goes out: what HubSpot would answer. Refuses what HubSpot refuses:
//! tokens that it does not know, calls without their scopes, calls above the limits, bodies that do not fit.

mod account;
mod call;
mod clock;
mod crm;
mod delivery;
mod faults;
mod form;
#[rustfmt::skip]
mod generated;
mod generic;
mod inside;
mod journal;
mod limits;
mod mock;
mod oauth;
mod pages;
mod permission;
mod pipeline;
mod refusal;
mod reply;
mod router;
mod seed;
mod server;
mod sync;
mod table;
mod tokens;
mod validate;
mod wire;
mod world;

pub use crm::{Property, PropertyType, ValidationRule};
pub use faults::{Fault, RandomFaults};
pub use journal::{Entry, JournalView};
pub use limits::Tier;
pub use mock::{Install, InstallError, MockAccount, MockHubSpot, MockHubSpotBuilder, StartError};

pub use oauth::{App, ErrorShape, InvalidApp, Rotation};
pub use seed::{Seed, SeedError};
pub use tokens::StaticKind;
