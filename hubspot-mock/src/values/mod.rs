//! The ground layer: types that know nothing of object types, accounts or requests.

pub(crate) mod clock;
pub(crate) mod form;
pub(crate) mod ids;
pub(crate) mod random;
pub(crate) mod refusal;
pub(crate) mod sync;
