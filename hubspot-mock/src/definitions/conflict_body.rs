//! What a 409 for a contact looks like.

/// The body of the 409 for a contact whose email is taken. HubSpot has sent both since 2025, so a program should read both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ConflictBody {
    /// Category `CONFLICT`, with the id of the other contact in the message.
    #[default]
    Short,
    /// Category `OBJECT_ALREADY_EXISTS`, with `error: CONTACT_EXISTS` and `identityProfile` besides.
    Long,
}
