//! Tells apart what would have one name.
//!
//! Without an `apis.toml` that names them, all that would share a name get a longer one, made of their own text alone. So a
//! document that adds one changes no other name in silence: none keeps a name that meant something else before.

use std::collections::BTreeMap;

use super::identifiers::{snake, spelling};
use crate::config::{Config, is_version};
use crate::error::{Error, Problem};
use crate::model::{Identifier, Place};

/// What is to be named, and what it is named by the rules.
pub(super) struct Named {
    pub(super) ident: Identifier,
    /// The name if another thing has the first one; `None` for a name that somebody gave.
    pub(super) longer: Option<Identifier>,
    /// What no other thing has.
    pub(super) text: String,
}

/// Gives longer names to those that share one, and a number made of their text to those that still do.
pub(super) fn apart(all: &mut [Named]) {
    let shared = shared(all);
    for of in all.iter_mut() {
        if shared.contains_key(&of.ident)
            && let Some(longer) = &of.longer
        {
            of.ident = longer.clone();
        } else {
            of.longer = None;
        }
    }
    let shared = self::shared(all);
    for of in all.iter_mut().filter(|of| of.longer.is_some()) {
        if shared.contains_key(&of.ident) {
            of.ident = with_number(&of.ident, &of.text);
        }
    }
}

fn shared(all: &[Named]) -> BTreeMap<Identifier, usize> {
    let mut counts = BTreeMap::new();
    for of in all {
        *counts.entry(of.ident.clone()).or_default() += 1;
    }
    counts.retain(|_, count| *count > 1);
    counts
}

/// A name with words after it.
fn with_words(ident: &Identifier, words: &str) -> Identifier {
    // An underscore at the end keeps the name from another one that is taken, as the words do.
    let base = ident.plain().trim_end_matches('_');
    let is_snake = base.starts_with(|first: char| first.is_lowercase());
    if is_snake {
        Identifier::new(format!("{base}_{words}"))
    } else {
        Identifier::new(format!("{base}{}", super::pascal(words)))
    }
}

/// A name with a number after it that is always the same for a text.
pub(super) fn with_number(ident: &Identifier, text: &str) -> Identifier {
    // FNV-1a.
    let number = text.bytes().fold(0x811c_9dc5_u32, |number, byte| {
        (number ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    with_words(ident, &format!("x{number:08x}"))
}

/// Names of the parts of one thing, each of which must be another.
pub(super) struct Distinct<'a> {
    /// Whether those that share a name get longer ones.
    is_free: bool,
    table: &'static str,
    /// What keys of the table begin with, and what follows it.
    owner: (&'a str, &'static str),
    named: Vec<Named>,
    places: Vec<Place>,
}

impl<'a> Distinct<'a> {
    pub(super) const fn new(
        config: &Config,
        table: &'static str,
        owner: &'a str,
        separator: &'static str,
    ) -> Self {
        Self {
            is_free: !config.complete,
            table,
            owner: (owner, separator),
            named: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Adds the name of what is called `wire` in JSON.
    pub(super) fn add(&mut self, wire: &str, ident: Identifier, is_given: bool, place: &Place) {
        let longer = (self.is_free && !is_given).then(|| with_words(&ident, &spelling(wire)));
        self.named.push(Named {
            ident,
            longer,
            text: wire.to_owned(),
        });
        self.places.push(place.clone());
    }

    /// The names, in the order in which they were added. Two that are the same are an error.
    pub(super) fn finish(mut self, errors: &mut Vec<Error>) -> Vec<(String, Identifier)> {
        apart(&mut self.named);
        let mut taken = BTreeMap::<&Identifier, (&str, &Place)>::new();
        for (of, place) in self.named.iter().zip(&self.places) {
            let Some((other, other_place)) = taken.insert(&of.ident, (&of.text, place)) else {
                continue;
            };
            let (owner, separator) = self.owner;
            let problem = Problem::SameMember {
                names: format!("`{other}` and `{}`", of.text),
                other: Box::new(other_place.clone()),
                ident: of.ident.to_string(),
                table: self.table,
                key: format!("{owner}{separator}{}", of.text),
            };
            errors.push(Error::new(place.clone(), problem));
        }
        let named = self.named.into_iter();
        named.map(|of| (of.text, of.ident)).collect()
    }
}

/// The longer name of an operation: its method and every word of its path.
pub(super) fn whole_path(key: &str) -> Identifier {
    let segments = key.split('/').filter(|segment| !is_version(segment));
    let words = segments.flat_map(|segment| {
        let by = segment.contains('{').then_some("by");
        by.into_iter().chain([segment])
    });
    snake(&words.collect::<Vec<_>>().join(" "))
}
