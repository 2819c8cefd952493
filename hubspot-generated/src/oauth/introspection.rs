//! Responses of token introspection.

use super::token_response::{decode, fields, id};
use crate::error::Error;
use crate::models::{TokenInfo, TokenUse};
use crate::operation::Operation;
use crate::values::Secret;

/// Reads an introspection response. Only `active` is required.
pub(super) fn read(operation: &'static Operation, body: &[u8]) -> Result<TokenInfo, Error> {
    let fields = fields(operation, body)?;
    let active = fields
        .flag("active")
        .ok_or_else(|| Error::of_operation(operation, decode(".", "missing field `active`")))?;
    let integer = |name| i64::try_from(fields.integer(name)?).ok();
    let signed_id = |name| i64::try_from(id(&fields, name)?).ok();
    Ok(TokenInfo {
        active,
        app_id: signed_id("app_id"),
        client_id: fields.text("client_id"),
        expires_in: integer("expires_in"),
        hub_domain: fields.text("hub_domain"),
        hub_id: signed_id("hub_id"),
        is_private_distribution: fields.flag("is_private_distribution"),
        scopes: fields.scopes(),
        token: fields.text("token").map(Secret::from),
        token_type: fields.text("token_type"),
        token_use: fields.text("token_use").map(TokenUse::from),
        user: fields.text("user"),
        user_id: signed_id("user_id"),
    })
}
