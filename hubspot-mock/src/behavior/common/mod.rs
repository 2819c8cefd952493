//! What the behavior of several APIs shares.

pub(crate) mod association_input;
pub(crate) mod association_listing;
pub(crate) mod batch_response;
pub(crate) mod lookup;
pub(crate) mod page;
pub(crate) mod record_view;
pub(crate) mod request;
