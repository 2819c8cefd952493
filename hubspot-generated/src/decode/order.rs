//! In which order the fields of a type came: those of the next object come in the same, most often.

use std::ptr;

use crate::plain::is_plain;

/// How many types a decoder remembers.
const MAX_ORDERS: usize = 16;

/// The orders of the types that were read.
pub(super) struct Orders(Vec<Order>);

/// The order of the fields of a type.
pub(super) struct Order {
    /// The type's names.
    names: &'static [&'static str],
    /// Whether JSON escapes nothing in the names.
    pub(super) is_plain: bool,
    /// The index of each field's name. Empty as long as fields come in the order of the names.
    indices: Vec<u8>,
}

impl Orders {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The order of the last object of these names. It is not there while another one is read.
    pub(super) fn take(&mut self, names: &'static [&'static str]) -> Order {
        let found = self.0.iter().position(|order| order.is_of(names));
        let new = || Order {
            names,
            is_plain: names.iter().all(|name| is_plain(name)),
            indices: Vec::new(),
        };
        found.map_or_else(new, |index| self.0.swap_remove(index))
    }

    pub(super) fn keep(&mut self, order: Order) {
        // An object may be within another one of its type.
        let is_known = self.0.iter().any(|other| other.is_of(order.names));
        if !is_known && self.0.len() < MAX_ORDERS {
            self.0.push(order);
        }
    }
}

impl Order {
    /// Whether the names are the same piece of memory, which is much faster than to compare them.
    fn is_of(&self, names: &'static [&'static str]) -> bool {
        ptr::eq(self.names, names)
    }

    /// The index of the field that comes next if all come as before, and else that of the next name.
    pub(super) fn guess(&self, place: usize, next: usize) -> usize {
        let index = self.indices.get(place);
        index.map_or(next, |index| usize::from(*index))
    }

    /// Returns the place after that of a field, and remembers the field's place if it was not known.
    pub(super) fn advance(&mut self, place: usize, index: usize, is_guessed: bool) -> usize {
        if is_guessed && (self.indices.is_empty() || place < self.indices.len()) {
            return place + 1;
        }
        // Types of more fields are rare.
        let (Ok(index), Ok(before)) = (index.try_into(), place.try_into()) else {
            return place;
        };
        if self.indices.is_empty() {
            self.indices.extend(0..before);
        }
        if let Some(known) = self.indices.iter().position(|other| *other == index) {
            return known + 1;
        }
        self.indices.insert(place, index);
        place + 1
    }
}
