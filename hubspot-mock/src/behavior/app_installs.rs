//! Uninstalls apps.

use crate::behavior::common::unknown;
use crate::behavior::{Call, Context, Response};
use crate::values::Refusal;

/// Uninstalls the app that the access token belongs to from the token's account.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    if call.endpoint.action != "uninstall" {
        return Err(unknown(call));
    }
    let client_id = context
        .grant
        .and_then(|grant| grant.holder.client_id.as_ref());
    let Some(client_id) = client_id else {
        let message = "Only apps that were installed through OAuth can be uninstalled here.";
        return Err(Refusal::new(403, "FORBIDDEN", message));
    };
    let hub_id = context.account()?.hub_id;
    context.state.tokens.uninstall(client_id, hub_id);
    Ok(Response::empty())
}
