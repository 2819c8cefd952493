//! Turns the marks of all targets into the [`Facts`] about each package.
//!
//! Each place is listed once, however many targets it is compiled in, together with the function around it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::PackageId;

use super::bounds::{self, Bounded, OwnTraits};
use super::compile::{Compiled, Mark};
use super::graph::Member;
use super::note::Note;
use super::paths::Paths;
use super::raw;
use super::source::{Function, Outline};
use super::spelled::Spelled;
use crate::model::{
    Bypass, BypassKind, CallSite, Called, Declared, Place, ScopeSet, ScopedFunction, Target,
    TargetKind,
};

/// What is known about one package.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) scope_sets: Vec<ScopeSet>,
    pub(super) call_sites: Vec<CallSite>,
    pub(super) helper_calls: Vec<CallSite>,
    /// Requests that are spelled out and of which it is known what they need.
    pub(super) raw_calls: Vec<CallSite>,
    pub(super) unchecked: Vec<Bypass>,
    pub(super) upgrades: Vec<Bypass>,
    pub(super) functions: Vec<ScopedFunction>,
}

impl Facts {
    /// Takes note of what the function around each call requires of a scope set.
    fn require(&mut self, sites: &[Site<'_>], own_traits: &OwnTraits) {
        let calls = self.call_sites.iter_mut().chain(&mut self.helper_calls);
        let calls = calls.chain(&mut self.raw_calls);
        for call in calls {
            let mut at = sites.iter().filter(|site| *site.place == call.place);
            let function = at.find_map(|site| site.function.as_ref());
            let Some(function) = function else { continue };
            let stated = sites.iter().filter_map(|site| match site.note {
                Note::States { requirement, .. }
                    if site.function.as_ref() == Some(function)
                        && site.place.file == call.place.file =>
                {
                    Some(requirement.ignoring_schemes())
                }
                _ => None,
            });
            let bounds = own_traits.implied(&function.bounds);
            call.within = stated.chain(bounds::requirements(&bounds)).collect();
            call.within.sort_by_key(ToString::to_string);
            call.within.dedup();
            call.other_bounds = own_traits.among(&function.bounds);
        }
    }
}

/// What does not depend on the package.
pub(super) struct Context<'a> {
    /// Name and version of each package of the workspace: the bodies of its functions are seen.
    pub(super) workspace: BTreeSet<(String, String)>,
    /// The kinds of targets that count.
    pub(super) counted: &'a [TargetKind],
}

/// A mark, once for all targets that it was met in.
pub(super) struct Site<'a> {
    pub(super) place: &'a Place,
    pub(super) written: Option<&'a Place>,
    pub(super) note: &'a Note,
    pub(super) function: Option<Function>,
    /// Of a request, what the source tells of method and path.
    pub(super) spelled: Spelled,
    targets: Vec<Target>,
}

/// The facts about the members, in their order, and the functions with bounds on a scope set.
pub(super) fn facts(
    members: &[Member<'_>],
    compiled: &Compiled,
    context: &Context<'_>,
) -> (Vec<Facts>, Vec<Bounded>) {
    let mut by_package: BTreeMap<&PackageId, Vec<&Mark>> = BTreeMap::new();
    for mark in &compiled.marks {
        by_package.entry(&mark.package).or_default().push(mark);
    }
    let mut sources = Sources {
        paths: &compiled.paths,
        outlines: BTreeMap::new(),
        packages: BTreeMap::new(),
    };
    for unit in &compiled.units {
        for file in unit
            .unit
            .files
            .iter()
            .filter(|file| Path::new(file).extension().is_some_and(|end| end == "rs"))
        {
            let file = compiled.paths.shown(Path::new(file));
            sources.outline(&unit.package, &file);
            let path = compiled.paths.real(&unit.package, &file);
            let owners = sources.packages.entry(path).or_default();
            owners.insert(unit.package.clone());
        }
    }
    let sites: Vec<_> = members
        .iter()
        .map(|member| {
            let marks = by_package.remove(&member.package.id).unwrap_or_default();
            let marks = marks.into_iter().filter(|mark| !is_own(member, mark));
            sites(marks, &mut sources)
        })
        .collect();
    let outlines = sources.outlines.values();
    let own_traits = OwnTraits::new(outlines.flat_map(|outline| outline.traits.clone()));
    let bounded = sources.bounded(&own_traits);
    let facts = sites.iter().map(|sites| {
        let mut facts = Facts::of(sites, context);
        facts.require(sites, &own_traits);
        facts
    });
    (facts.collect(), bounded)
}

/// Whether a mark is of the client's own library, whose use of itself is none by a user.
fn is_own(member: &Member<'_>, mark: &Mark) -> bool {
    let library = |name: &String| {
        let mut targets = member.package.targets.iter();
        targets.any(|target| target.is_lib() && target.name == *name)
    };
    member.is_client && library(&mark.target.name)
}

/// Each mark once, in the order of the places; not those of imports, where nothing is called.
fn sites<'a>(marks: impl Iterator<Item = &'a Mark>, sources: &mut Sources<'_>) -> Vec<Site<'a>> {
    let mut targets: BTreeMap<_, BTreeSet<&Target>> = BTreeMap::new();
    for mark in marks {
        let key = (
            &mark.place,
            mark.written.as_ref(),
            &mark.note,
            &mark.package,
        );
        targets.entry(key).or_default().insert(&mark.target);
    }
    let mut sites = Vec::new();
    for ((place, written, note, package), targets) in targets {
        let is_request = matches!(
            note,
            Note::Request { .. } | Note::Bypass(BypassKind::RawRequest)
        );
        let spelled = is_request.then(|| sources.spelled(package, written.unwrap_or(place)));
        let outline = sources.outline(package, &place.file);
        if !outline.is_import(place) {
            sites.push(Site {
                place,
                written,
                note,
                function: outline.function_at(place).cloned(),
                spelled: spelled.unwrap_or_default(),
                targets: without_unit_tests(&targets),
            });
        }
    }
    sites
}

/// The targets, without those for unit tests of a target that has the place anyway.
fn without_unit_tests(targets: &BTreeSet<&Target>) -> Vec<Target> {
    let has_another = |target: &Target| {
        let mut others = targets.iter();
        others.any(|other| other.name == target.name && other.kind != TargetKind::Test)
    };
    let kept = targets
        .iter()
        .filter(|target| target.kind != TargetKind::Test || !has_another(target));
    kept.map(|&target| target.clone()).collect()
}

/// The outlines of files, each read once.
struct Sources<'a> {
    paths: &'a Paths,
    outlines: BTreeMap<PathBuf, Outline>,
    /// The packages for which each file is compiled.
    packages: BTreeMap<PathBuf, BTreeSet<PackageId>>,
}

impl Sources<'_> {
    /// The functions and types whose type parameters have bounds on a scope set, and the traits that imply scopes.
    fn bounded(&self, own_traits: &OwnTraits) -> Vec<Bounded> {
        let items = self.outlines.iter().flat_map(|(file, outline)| {
            let bounded = outline.bounded();
            bounded.map(move |(path, bounds)| (file, path, bounds))
        });
        let bounded = items.map(|(file, path, bounds)| Bounded {
            requires: bounds::requirements(&own_traits.implied(bounds)).collect(),
            function: path.clone(),
            packages: self.packages.get(file).cloned().unwrap_or_default(),
        });
        bounded
            .filter(|bounded| !bounded.requires.is_empty())
            .collect()
    }

    fn outline(&mut self, package: &PackageId, file: &str) -> &Outline {
        let path = self.paths.real(package, file);
        self.outlines.entry(path).or_insert_with_key(|path| {
            // One that cannot be read any more has no functions; the compiler has just read it.
            let text = std::fs::read_to_string(path).unwrap_or_default();
            Outline::of(&text)
        })
    }

    fn spelled(&self, package: &PackageId, place: &Place) -> Spelled {
        let text = std::fs::read_to_string(self.paths.real(package, &place.file));
        Spelled::in_file(&text.unwrap_or_default(), place)
    }
}

impl Facts {
    fn of(sites: &[Site<'_>], context: &Context<'_>) -> Self {
        let mut facts = Self::default();
        for site in sites {
            match site.note {
                Note::Operation { .. } | Note::Request { .. } => {
                    facts.call_sites.extend(site.call_site(context));
                }
                Note::Function {
                    package, version, ..
                } => {
                    let key = (package.clone(), version.clone());
                    let calls = if context.workspace.contains(&key) {
                        &mut facts.helper_calls
                    } else {
                        &mut facts.call_sites
                    };
                    calls.extend(site.call_site(context));
                }
                Note::States { name, requirement } => {
                    let function = ScopedFunction {
                        function: site.function_name().unwrap_or_else(|| name.clone()),
                        place: site.place.clone(),
                        states: requirement.clone(),
                        calls: site.calls_around(sites),
                        unneeded: Vec::new(),
                        enough: None,
                    };
                    let mut requests = sites.iter().filter(|other| other.is_raw_request());
                    // What it states is what the request needs.
                    let makes_request = requests.any(|request| raw::is_around(site, request));
                    facts.functions.push(if makes_request {
                        function
                    } else {
                        super::function::checked(function)
                    });
                }
                Note::Set { name, source } => facts.scope_sets.push(ScopeSet {
                    name: name.clone(),
                    place: site.place.clone(),
                    source: source.clone(),
                    scopes: entries(site, sites),
                    targets: site.targets.clone(),
                    counts: context.count(&site.targets),
                }),
                Note::Entry { .. } => {}
                Note::Bypass(BypassKind::HandWritten) if site.is_written_by_macro(sites) => {}
                Note::Bypass(kind) => {
                    let bypass = site.bypass(*kind, sites, context);
                    facts.raw_calls.extend(site.raw_calls(&bypass));
                    if *kind == BypassKind::Upgrade {
                        facts.upgrades.push(bypass);
                    } else {
                        facts.unchecked.push(bypass);
                    }
                }
            }
        }
        facts
    }
}

impl Context<'_> {
    fn count(&self, targets: &[Target]) -> bool {
        targets
            .iter()
            .any(|target| self.counted.contains(&target.kind))
    }
}

impl Site<'_> {
    fn function_name(&self) -> Option<String> {
        self.function.as_ref().map(|function| function.path.clone())
    }

    /// The call that the mark stands for, if it stands for one.
    fn called(&self) -> Option<Called> {
        let (operation, requirement) = match self.note {
            Note::Operation {
                operation,
                requirement,
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

    fn call_site(&self, context: &Context<'_>) -> Option<CallSite> {
        let Called {
            operation,
            requirement,
            ..
        } = self.called()?;
        Some(CallSite {
            place: self.place.clone(),
            written: self.written.cloned(),
            function: self.function_name(),
            operation,
            is_function: matches!(self.note, Note::Function { .. }),
            requirement,
            within: Vec::new(),
            other_bounds: Vec::new(),
            targets: self.targets.clone(),
            ships: self.ships(),
            counts: context.count(&self.targets),
        })
    }

    fn bypass(&self, kind: BypassKind, sites: &[Self], context: &Context<'_>) -> Bypass {
        let calls = match kind {
            // Nothing else is called with it.
            BypassKind::RawRequest | BypassKind::HandWritten => Vec::new(),
            _ => self.calls_around(sites),
        };
        let request = self.is_raw_request().then(|| raw::request(self, sites));
        Bypass {
            kind,
            place: self.place.clone(),
            function: self.function_name(),
            calls,
            request,
            targets: self.targets.clone(),
            ships: self.ships(),
            counts: context.count(&self.targets),
        }
    }

    /// Whether an implementation is one that `scope_set!` writes: those have the place of the set's name.
    fn is_written_by_macro(&self, sites: &[Self]) -> bool {
        let is_set = |other: &Self| matches!(other.note, Note::Set { .. });
        let is_here = |other: &Self| other.place == self.place && other.written == self.written;
        sites.iter().any(|other| is_set(other) && is_here(other))
    }

    /// The calls that a spelled-out request is: one with what is stated, one with what its path needs.
    fn raw_calls(&self, bypass: &Bypass) -> Vec<CallSite> {
        let Some(request) = &bypass.request else {
            return Vec::new();
        };
        let operation = request.operation.as_ref().unwrap_or(&request.request);
        let call = |requirement| CallSite {
            place: self.place.clone(),
            written: self.written.cloned(),
            function: self.function_name(),
            operation: operation.clone(),
            is_function: false,
            requirement,
            within: Vec::new(),
            other_bounds: Vec::new(),
            targets: self.targets.clone(),
            ships: bypass.ships,
            counts: bypass.counts,
        };
        let needs = request.needs.iter();
        let of_path =
            raw::of_path(self).filter(|path| needs.clone().all(|need| !need.implies(path)));
        needs.cloned().chain(of_path).map(call).collect()
    }

    /// The calls in the function in which the mark stands.
    fn calls_around(&self, sites: &[Self]) -> Vec<Called> {
        let Some(function) = &self.function else {
            return Vec::new();
        };
        sites
            .iter()
            .filter(|other| other.place.file == self.place.file && function.contains(other.place))
            .filter_map(Site::called)
            .collect()
    }

    fn ships(&self) -> bool {
        self.targets.iter().any(|target| target.kind.ships())
    }
}

/// The scopes of the set, in the order of the lists: sets of one name in a file follow one another.
fn entries(set: &Site<'_>, sites: &[Site<'_>]) -> Vec<Declared> {
    let Note::Set { name, .. } = set.note else {
        return Vec::new();
    };
    let same_file = |other: &&Site<'_>| other.place.file == set.place.file;
    let namesakes = sites
        .iter()
        .filter(same_file)
        .filter(|other| matches!(other.note, Note::Set { name: other, .. } if other == name))
        .map(|other| other.place.byte_start);
    let next = namesakes
        .clone()
        .find(|start| *start > set.place.byte_start)
        .unwrap_or(usize::MAX);
    // Where a macro makes the set, its entries may come before the name that the macro was given.
    let is_first = namesakes.min() == Some(set.place.byte_start);
    let start = if is_first { 0 } else { set.place.byte_start };
    let mut entries: Vec<_> = sites
        .iter()
        .filter(same_file)
        .filter(|other| (start..next).contains(&other.place.byte_start))
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
