//! What the behavior of several APIs shares.

pub(crate) mod association_input;
pub(crate) mod association_listing;
pub(crate) mod batch;
pub(crate) mod lookup;
pub(crate) mod page;
pub(crate) mod property_input;
pub(crate) mod property_view;
pub(crate) mod record_view;
pub(crate) mod request;

pub(crate) use self::association_input::{AssociationInput, CheckedAssociation, Target, named};
pub(crate) use self::batch::{LONGEST, Outcomes, check_length, inputs, longest};
pub(crate) use self::lookup::{live, missing};
pub(crate) use self::page::{Page, Paging, Text};
pub(crate) use self::property_input::PropertyInput;
pub(crate) use self::property_view::property_json;
pub(crate) use self::record_view::{Selection, View};
pub(crate) use self::request::{body, cursor, flag, limit, unknown};
