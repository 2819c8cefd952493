//! What introspection answers.
//!
//! Comes in: JSON, with HubSpot's fields beside OAuth's. Goes out: a [`TokenInfo`]. Refuses: an answer that does not say
//! whether the token is valid. All else may be missing.

use oauth2::basic::BasicTokenType;
use oauth2::{ExtraTokenFields, StandardTokenIntrospectionResponse, TokenIntrospectionResponse};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::models::TokenInfo;

/// The answer as the `oauth2` crate reads it.
pub(super) type WireInfo = StandardTokenIntrospectionResponse<HubSpotFields, BasicTokenType>;

/// What is left of the answer when OAuth's own fields are read.
#[derive(Debug)]
pub(super) struct HubSpotFields(TokenInfo);

impl ExtraTokenFields for HubSpotFields {}

impl<'de> Deserialize<'de> for HubSpotFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TokenInfo::deserialize(deserializer).map(Self)
    }
}

/// The `oauth2` crate asks for it and does not use it.
impl Serialize for HubSpotFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

/// Puts the two parts together again.
pub(super) fn token_info(answer: &WireInfo) -> TokenInfo {
    TokenInfo {
        active: answer.active(),
        client_id: answer.client_id().map(|id| id.as_str().to_owned()),
        token_type: answer.token_type().map(|kind| kind.as_ref().to_owned()),
        ..answer.extra_fields().0.clone()
    }
}
