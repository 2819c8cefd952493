//! A place where the compiler reported a mark.

use std::collections::BTreeSet;

use super::note::Note;
use super::source::Function;
use super::spelled::Spelled;
use crate::model::{CallSite, Called, Declared, Place, Target, TargetKind};

/// What is the same for all packages.
pub(super) struct Context<'a> {
    /// Name and version of each package of the workspace: the bodies of its functions are seen.
    pub(super) workspace: BTreeSet<(String, String)>,
    /// The kinds of targets that count.
    pub(super) counted: &'a [TargetKind],
}

impl Context<'_> {
    pub(super) fn count(&self, targets: &[Target]) -> bool {
        let mut targets = targets.iter();
        targets.any(|target| self.counted.contains(&target.kind))
    }
}

/// A mark, once for all targets that it was met in.
pub(super) struct Site<'a> {
    pub(super) place: &'a Place,
    pub(super) written: Option<&'a Place>,
    pub(super) note: &'a Note,
    pub(super) function: Option<Function>,
    /// Method and path, if it is a request.
    pub(super) spelled: Spelled,
    pub(super) targets: Vec<Target>,
}

impl Site<'_> {
    pub(super) fn function_name(&self) -> Option<String> {
        self.function.as_ref().map(|function| function.path.clone())
    }

    /// The call that the mark stands for, if it stands for one.
    fn called(&self) -> Option<Called> {
        let (operation, requirement) = match self.note {
            Note::Operation {
                operation,
                requirement,
                ..
            } => (operation.clone(), requirement),
            Note::Function {
                package,
                name,
                requirement,
                ..
            } => (format!("{package}::{name}"), requirement),
            Note::Request { requirement } => (self.spelled.name(), requirement),
            _ => return None,
        };
        Some(Called {
            operation,
            requirement: requirement.clone(),
            line: self.place.line,
        })
    }

    pub(super) fn call_site(&self, context: &Context<'_>) -> Option<CallSite> {
        self.called().map(|called| self.call(called, context))
    }

    pub(super) fn call(&self, called: Called, context: &Context<'_>) -> CallSite {
        CallSite {
            place: self.place.clone(),
            written: self.written.cloned(),
            function: self.function_name(),
            operation: called.operation,
            route: match self.note {
                Note::Operation { route, .. } => route.clone(),
                _ => None,
            },
            is_function: matches!(self.note, Note::Function { .. }),
            requirement: called.requirement,
            within: Vec::new(),
            other_bounds: Vec::new(),
            targets: self.targets.clone(),
            ships: self.ships(),
            counts: context.count(&self.targets),
        }
    }

    /// Returns whether an implementation is one that `scope_set!` writes: those have the place of the set's name.
    pub(super) fn is_written_by_macro(&self, sites: &[Self]) -> bool {
        let is_set = |other: &Self| matches!(other.note, Note::Set { .. });
        let is_here = |other: &Self| other.place == self.place && other.written == self.written;
        sites.iter().any(|other| is_set(other) && is_here(other))
    }

    /// The calls in the function around the mark.
    pub(super) fn calls_around(&self, sites: &[Self]) -> Vec<Called> {
        let Some(function) = &self.function else {
            return Vec::new();
        };
        let is_inside =
            |other: &&Self| other.place.file == self.place.file && function.contains(other.place);
        sites
            .iter()
            .filter(is_inside)
            .filter_map(Site::called)
            .collect()
    }

    pub(super) fn ships(&self) -> bool {
        self.targets.iter().any(|target| target.kind.ships())
    }
}

/// The scopes of the set, in the order of the lists: sets of one name in a file follow one another.
pub(super) fn entries(set: &Site<'_>, sites: &[Site<'_>]) -> Vec<Declared> {
    let Note::Set { name, .. } = set.note else {
        return Vec::new();
    };
    let in_file = || {
        sites
            .iter()
            .filter(|other| other.place.file == set.place.file)
    };
    let namesakes = in_file()
        .filter(|other| matches!(other.note, Note::Set { name: other, .. } if other == name))
        .map(|other| other.place.byte_start);
    let own = set.place.byte_start;
    let next = namesakes.clone().find(|start| *start > own);
    // Where a macro makes the set, its entries may come before the name that the macro was given.
    let start = if namesakes.min() == Some(own) { 0 } else { own };
    let mut entries: Vec<_> = in_file()
        .filter(|other| (start..next.unwrap_or(usize::MAX)).contains(&other.place.byte_start))
        .filter_map(|other| match other.note {
            Note::Entry {
                set: of,
                list,
                scope,
            } if of == name => Some(Declared {
                scope: scope.clone(),
                list: *list,
                place: other.place.clone(),
            }),
            _ => None,
        })
        .collect();
    entries.sort_by_key(|entry| (entry.list, entry.place.byte_start));
    entries
}
