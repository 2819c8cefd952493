//! A HubSpot on your own machine, as strict as the real one.
//!
//! Comes in: HTTP requests, and what a test sets up. Goes out: what HubSpot would answer. Refuses what HubSpot refuses:
//! tokens that it does not know, calls without their scopes, calls above the limits, bodies that do not fit.

#![allow(dead_code, reason = "the parts are being put together")]

mod account;
mod call;
mod clock;
mod crm;
#[rustfmt::skip]
mod generated;
mod oauth;
mod pages;
mod refusal;
mod table;
mod tokens;
mod world;

pub use oauth::{App, ErrorShape, InvalidApp, Rotation};
pub use tokens::StaticKind;
