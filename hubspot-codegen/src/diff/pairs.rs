//! Matches operations of two sets of documents, also of different versions.
//!
//! First by method and path without the version, then, within documents of one API, by a path in which one side has a
//! parameter where the other has a word (`{objectType}` and `contacts`), then by HubSpot's name for the operation.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::is_version;
use crate::config::parameter_name;
use crate::model::{Document, Operation};

/// An operation in both sets.
pub(super) struct Pair<'a> {
    pub(super) old: (&'a Document, &'a Operation),
    pub(super) new: (&'a Document, &'a Operation),
    /// Whether the paths differ in more than version and parameters.
    pub(super) moved: bool,
}

impl Pair<'_> {
    /// What reports call it.
    pub(super) fn label(&self) -> String {
        label(self.new)
    }
}

/// What reports call an operation: `contacts GET /crm/objects/2026-09/{objectType}`. Several APIs may have the same path.
pub(super) fn label((document, operation): (&Document, &Operation)) -> String {
    format!("{} {}", document.api, operation.key())
}

/// The operations of both sets, and of one only.
#[derive(Default)]
pub(super) struct Matched<'a> {
    pub(super) both: Vec<Pair<'a>>,
    pub(super) removed: Operations<'a>,
    pub(super) added: Operations<'a>,
}

/// Method and path without versions, parameters as `{}`.
type Key<'a> = (&'a str, Vec<&'a str>);

fn key(operation: &Operation) -> Key<'_> {
    let segments = operation.path.split('/');
    let segments = segments.filter(|segment| !is_version(segment));
    let segments = segments.map(|segment| parameter_name(segment).map_or(segment, |_| "{}"));
    (&operation.method, segments.collect())
}

pub(super) fn operations<'a>(old: &'a [Document], new: &'a [Document]) -> Matched<'a> {
    let mut matched = Matched::default();
    let (of_old, of_new) = (by_key(old), by_key(new));
    let mut rest = Vec::new();
    for (one, other) in documents(old, new) {
        let mut left = Side::new(one);
        let mut right = Side::new(other);
        left.pair(&mut right, &mut matched, false, |one, other| {
            usize::from(key(one) == key(other))
        });
        left.pair(&mut right, &mut matched, false, alike);
        left.pair(&mut right, &mut matched, true, same_name);
        rest.push((left, right));
    }
    // What has moved to the document of another API. Several documents may have one operation.
    let mut seen = BTreeSet::new();
    for (left, right) in &rest {
        for (document, operation) in &left.operations {
            match of_new.get(&key(operation)) {
                Some(new) if seen.insert(key(operation)) => matched.both.push(Pair {
                    old: (document, operation),
                    new: *new,
                    moved: false,
                }),
                Some(_) => {}
                None => matched.removed.push((document, operation)),
            }
        }
        let added = right.operations.iter().copied();
        let added = added.filter(|(_, operation)| !of_old.contains_key(&key(operation)));
        matched.added.extend(added);
    }
    matched
}

/// Operations, each with its document.
type Operations<'a> = Vec<(&'a Document, &'a Operation)>;

fn by_key(documents: &[Document]) -> BTreeMap<Key<'_>, (&Document, &Operation)> {
    let all = documents.iter().flat_map(|document| {
        let operations = document.operations.iter();
        operations.map(move |operation| (key(operation), (document, operation)))
    });
    // The first document that has it.
    let mut map = BTreeMap::new();
    for (key, place) in all {
        map.entry(key).or_insert(place);
    }
    map
}

/// Documents of one API: of the same version if there are several, else of the only other one.
fn documents<'a>(
    old: &'a [Document],
    new: &'a [Document],
) -> Vec<(Option<&'a Document>, Option<&'a Document>)> {
    if let ([one], [other]) = (old, new) {
        return vec![(Some(one), Some(other))];
    }
    let versions = |documents: &[Document]| {
        let versions = documents.iter().map(|document| document.version.clone());
        versions.collect::<BTreeSet<_>>()
    };
    let (ours, theirs) = (versions(old), versions(new));
    let by_version = ours.len() > 1 || theirs.len() > 1;
    let fits = |one: &Document, other: &Document| {
        one.api == other.api && (!by_version || one.version == other.version)
    };
    let pairs = old
        .iter()
        .map(|one| (Some(one), new.iter().find(|other| fits(one, other))));
    let mut pairs = pairs.collect::<Vec<_>>();
    let is_new = |other: &&Document| !old.iter().any(|one| fits(one, other));
    pairs.extend(new.iter().filter(is_new).map(|other| (None, Some(other))));
    pairs
}

/// The operations of a document that are not matched yet.
struct Side<'a> {
    operations: Operations<'a>,
}

impl<'a> Side<'a> {
    fn new(document: Option<&'a Document>) -> Self {
        let operations = document.into_iter().flat_map(|document| {
            let operations = document.operations.iter();
            operations.map(move |operation| (document, operation))
        });
        Self {
            operations: operations.collect(),
        }
    }

    /// Matches operations where one of the other side is more alike than all others.
    fn pair(
        &mut self,
        other: &mut Self,
        matched: &mut Matched<'a>,
        moved: bool,
        alike: impl Fn(&Operation, &Operation) -> usize,
    ) {
        let mut rest = Vec::new();
        for old in std::mem::take(&mut self.operations) {
            let scores = other.operations.iter().map(|new| alike(old.1, new.1));
            let scores = scores.collect::<Vec<_>>();
            let best = scores.iter().copied().max().unwrap_or_default();
            let mut at = (0..scores.len()).filter(|index| scores[*index] == best);
            match (best, at.next(), at.next()) {
                (1.., Some(index), None) => {
                    let new = other.operations.remove(index);
                    matched.both.push(Pair { old, new, moved });
                }
                _ => rest.push(old),
            }
        }
        self.operations = rest;
    }
}

/// How many segments are the same, where all others are a parameter on one side.
fn alike(one: &Operation, other: &Operation) -> usize {
    let (one, other) = (key(one), key(other));
    if one.0 != other.0 || one.1.len() != other.1.len() {
        return 0;
    }
    let mut same = 0;
    for (one, other) in one.1.iter().zip(&other.1) {
        if one == other {
            same += 1;
        } else if *one != "{}" && *other != "{}" {
            return 0;
        }
    }
    same
}

fn same_name(one: &Operation, other: &Operation) -> usize {
    let same = one.method == other.method && one.hubspot_name == other.hubspot_name;
    usize::from(same && one.hubspot_name.is_some())
}
