//! Random text for tokens and codes, from the system or from a seed.

use std::fmt;
use std::sync::Mutex;

use rand::SeedableRng;
use rand::distr::{Alphanumeric, SampleString};
use rand::rngs::StdRng;

use crate::values::sync;

/// A source of random letters and digits.
pub(crate) struct Random(Mutex<StdRng>);

impl Random {
    /// Creates a source that returns the same texts in every run of this version.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// Returns `length` random letters and digits.
    pub(crate) fn text(&self, length: usize) -> String {
        let mut source = sync::lock(&self.0);
        Alphanumeric.sample_string(&mut *source, length)
    }
}

impl Default for Random {
    fn default() -> Self {
        Self(Mutex::new(rand::make_rng()))
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random(..)") // its state would give away the tokens to come
    }
}
