//! What `#[derive(Record)]` knows of an object type.

/// An object type of `specs/object-types.toml`.
pub(crate) struct ObjectType {
    pub(crate) id: &'static str,
    /// The name in paths.
    pub(crate) path: &'static str,
    /// The first part of the ids of its operations.
    pub(crate) resource: &'static str,
    /// The requirements of reading and writing records.
    pub(crate) read: &'static str,
    pub(crate) write: &'static str,
    /// Further scopes, for sensitive properties.
    pub(crate) sensitive: &'static [&'static str],
    /// The operations that HubSpot does not offer for it, by the last part of their ids.
    pub(crate) without: &'static [&'static str],
}
