//! `--check`: what has changed in an account since the lock file was written, and what that means for the package's code.

mod associations;
mod code;
mod properties;

use std::collections::{BTreeMap, BTreeSet};

use hubspot_codegen::records::{Association, Objects, outlines};

use self::code::Code;
use super::catalogue::{Catalogue, is_same_object};
use super::lock::{Lock, Selection};
use super::source::{Record, Source};

/// A change, or a fault of a struct.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) verdict: Verdict,
    pub(super) text: String,
    /// The code that it is about: `Lead.employees at src/lead.rs:9`.
    pub(super) places: Vec<String>,
}

/// What a difference does to the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Breaks,
    Harmless,
    /// Nobody knows.
    Unchecked,
}

/// What was found, by object type.
pub(super) type Differences = BTreeMap<String, Vec<Difference>>;

/// What an account has.
pub(super) struct Account {
    pub(super) objects: Objects,
    pub(super) catalogue: Catalogue,
    /// Why each object type that the token may not read cannot be read.
    pub(super) forbidden: BTreeMap<String, String>,
    /// The pairs of types whose associations could not be read.
    pub(super) unread_pairs: BTreeSet<[String; 2]>,
}

impl Account {
    /// Returns whether the associations from one type to another are known.
    fn knows_pair(&self, from: &str, to: &str) -> bool {
        let pair = [from, to].map(str::to_owned);
        !self.forbidden.contains_key(to) && !self.unread_pairs.contains(&pair)
    }
}

/// Compares an account with the lock file and the package's code.
pub(super) fn check(lock: &Lock, account: &Account, source: &Source) -> Differences {
    let mut findings = Differences::new();
    let written = written(lock, account, source);
    let written = outlines(&written, &lock.style);
    let locked = outlines(&lock.objects, &lock.style);
    let key_of = |record: &Record| key_of(record, lock, &account.catalogue);
    for ((key, before), outline) in lock.objects.iter().zip(locked.values()) {
        let records = source.records.iter();
        let code = Code {
            records: records.filter(|record| key_of(record) == *key).collect(),
            source,
            before: outline,
            now: written.get(key.as_str()),
        };
        let mut found = Vec::new();
        if let Some(now) = account.objects.get(key) {
            found.extend(code.other_id(before, now));
            code.renamed(&mut found);
            properties::compare(before, now, &code, lock.properties, &mut found);
            let is_known = |of: &Association| account.knows_pair(key, &of.to);
            associations::compare(before, now, is_known, &code, &mut found);
            code.faults(before, now, &mut found);
        } else if let Some(error) = account.forbidden.get(key) {
            // Nobody knows whether it breaks code, so the check must not pass.
            found.push(Difference {
                verdict: Verdict::Breaks,
                text: format!("cannot be read: {error}"),
                places: code.records(|_| true),
            });
        } else {
            let text = "the object type is gone".to_owned();
            found.push(breaking(text, code.records(|_| true)));
        }
        if !found.is_empty() {
            // What breaks comes first.
            found.sort_by_key(|finding| finding.verdict);
            findings.insert(key.clone(), found);
        }
    }
    for record in &source.records {
        let key = key_of(record);
        if !lock.objects.contains_key(&key) {
            let found = findings.entry(key).or_default();
            found.push(Difference {
                verdict: Verdict::Unchecked,
                text: "not in the lock file: add it with `--only`".to_owned(),
                places: vec![format!("{} at {}", record.name, record.place)],
            });
        }
    }
    findings
}

/// The name that code has for the object type of a struct.
fn key_of(record: &Record, lock: &Lock, catalogue: &Catalogue) -> String {
    let object = &record.object;
    let mut locked = lock.objects.iter();
    let locked = locked.find(|(_, locked)| {
        let names = [&locked.object, &locked.id];
        names.iter().any(|name| is_same_object(name, object))
    });
    locked.map_or_else(
        || super::definitions::key(catalogue, object),
        |(key, _)| key.clone(),
    )
}

/// The definitions as they are when the types are written again.
fn written(lock: &Lock, account: &Account, source: &Source) -> Objects {
    let mut written = account.objects.clone();
    if lock.properties == Selection::Used {
        super::keep_used(&mut written, source);
    }
    let unread = lock.objects.iter();
    let unread = unread.filter(|(key, _)| account.forbidden.contains_key(*key));
    written.extend(unread.map(|(key, object)| (key.clone(), object.clone())));
    written
}

/// A change that breaks code if it touches any.
fn breaking(text: String, places: Vec<String>) -> Difference {
    Difference {
        verdict: if places.is_empty() {
            Verdict::Harmless
        } else {
            Verdict::Breaks
        },
        text,
        places,
    }
}

/// The same, if it touches any.
fn if_breaking(text: String, places: Vec<String>) -> Option<Difference> {
    Some(breaking(text, places)).filter(|finding| finding.verdict == Verdict::Breaks)
}

fn harmless(text: String) -> Difference {
    harmless_at(text, Vec::new())
}

const fn harmless_at(text: String, places: Vec<String>) -> Difference {
    Difference {
        verdict: Verdict::Harmless,
        text,
        places,
    }
}
