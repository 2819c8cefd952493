//! HubSpot's OAuth operations.
//!
//! Comes in: calls of `oauth` in any version. Goes out: tokens and what is known of them. Refuses wrong credentials, codes
//! that were used or are too old, and tokens that it does not know.

use crate::call::{Answer, Call};
use crate::refusal::Refusal;
use crate::world::World;

/// Does what the call asks for.
pub(crate) fn handle(call: &Call, _world: &World) -> Result<Answer, Refusal> {
    Err(Refusal::not_found(format!(
        "{} is not answered yet",
        call.endpoint.id
    )))
}
