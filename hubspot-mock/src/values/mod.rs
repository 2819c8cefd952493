//! The ground layer: types that know nothing of object types, accounts or requests.

pub(crate) mod clock;
pub(crate) mod form;
pub(crate) mod ids;
pub(crate) mod multipart;
pub(crate) mod random;
pub(crate) mod refusal;
pub(crate) mod sync;

pub(crate) use self::clock::{Clock, MockClock};
pub(crate) use self::ids::{PropertyId, RecordKey, TypeId, TypeIndex};
pub(crate) use self::random::Random;
pub(crate) use self::refusal::{Detail, RateLimit, Refusal};
