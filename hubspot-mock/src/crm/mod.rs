//! The records of an account.
//!
//! Comes in: calls of companies, contacts, line items, custom objects, schemas and associations. Goes out: answers.
//! Refuses what HubSpot refuses.

use crate::account::Account;
use crate::call::{Answer, Call};
use crate::refusal::Refusal;

/// What one account keeps.
#[derive(Debug, Default)]
pub(crate) struct Store {}

/// Does what the call asks for.
pub(crate) fn handle(call: &Call, _account: &Account) -> Result<Answer, Refusal> {
    Err(Refusal::not_found(format!(
        "{} is not answered yet",
        call.endpoint.id
    )))
}
