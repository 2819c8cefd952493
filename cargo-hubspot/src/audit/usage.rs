//! Groups the marks of all targets by package: what each package calls and declares.
//!
//! Each place is listed once, however many targets it is compiled in, together with the function around it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::PackageId;

use super::bounds::{self, Bounded, OwnTraits, Renames};
use super::compile::{Compiled, Mark};
use super::graph::Member;
use super::note::Note;
use super::objects;
use super::paths::Paths;
use super::raw;
use super::site::{self, Context, Site};
use super::source::Outline;
use super::spelled::Spelled;
use crate::model::{
    Bypass, BypassKind, CallSite, Place, ScopeSet, ScopedFunction, Target, TargetKind,
};

/// How one package uses the client.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub(super) scope_sets: Vec<ScopeSet>,
    pub(super) call_sites: Vec<CallSite>,
    pub(super) helper_calls: Vec<CallSite>,
    /// Raw requests whose scopes are known.
    pub(super) raw_calls: Vec<CallSite>,
    pub(super) unchecked: Vec<Bypass>,
    pub(super) upgrades: Vec<Bypass>,
    pub(super) functions: Vec<ScopedFunction>,
}

/// How each of the members uses the client, in their order, and the functions with bounds on a scope set.
pub(super) fn of_members(
    members: &[Member<'_>],
    compiled: &Compiled,
    context: &Context<'_>,
) -> (Vec<Usage>, Vec<Bounded>) {
    let mut by_package: BTreeMap<&PackageId, Vec<&Mark>> = BTreeMap::new();
    let marks = objects::called(&compiled.marks);
    for mark in &marks {
        by_package.entry(&mark.package).or_default().push(mark);
    }
    let mut sources = Sources::read(compiled);
    let own_traits = sources.own_traits();
    let sites = members.iter().map(|member| {
        let marks = by_package.remove(&member.package.id).unwrap_or_default();
        let marks = marks.into_iter().filter(|mark| !is_own(member, mark));
        sites(marks, &mut sources)
    });
    let usages = sites.map(|sites| {
        let mut usage = Usage::of(&sites, context);
        usage.require(&sites, &own_traits);
        usage
    });
    (usages.collect(), sources.bounded(&own_traits))
}

/// Returns whether a mark is in the client's own library, whose use of itself is not a user's.
fn is_own(member: &Member<'_>, mark: &Mark) -> bool {
    let mut targets = member.package.targets.iter();
    member.is_client && targets.any(|target| target.is_lib() && target.name == mark.target.name)
}

/// Each mark once, in the order of the places; without those of imports, where nothing is called.
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
    let is_kept = |target: &&&Target| target.kind != TargetKind::Test || !has_another(target);
    targets.iter().filter(is_kept).copied().cloned().collect()
}

/// The outlines of files, each read once.
struct Sources<'a> {
    paths: &'a Paths,
    outlines: BTreeMap<PathBuf, Outline>,
    /// The packages for which each file is compiled.
    packages: BTreeMap<PathBuf, BTreeSet<PackageId>>,
}

/// The most bytes of a file that the code may include.
const INCLUDED: u64 = 1 << 20;

impl<'a> Sources<'a> {
    /// Reads every file that the compiler read. Any of them may be included code.
    fn read(compiled: &'a Compiled) -> Self {
        let mut sources = Self {
            paths: &compiled.paths,
            outlines: BTreeMap::new(),
            packages: BTreeMap::new(),
        };
        for unit in &compiled.units {
            for file in &unit.unit.files {
                let file = compiled.paths.shown(Path::new(file));
                let path = compiled.paths.real(&unit.package, &file);
                let is_rust = path.extension().is_some_and(|end| end == "rs");
                let length = || std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
                if is_rust || length() <= INCLUDED {
                    sources.outline(&unit.package, &file);
                    let packages = sources.packages.entry(path).or_default();
                    packages.insert(unit.package.clone());
                }
            }
        }
        sources
    }

    /// The traits of the workspace. Names that files give to others are resolved.
    fn own_traits(&mut self) -> OwnTraits {
        let renames = Renames::new(self.outlines.values().flat_map(Outline::renames));
        for outline in self.outlines.values_mut() {
            outline.resolve(&renames);
        }
        let traits = self.outlines.values();
        OwnTraits::new(traits.flat_map(|outline| outline.traits.clone()), renames)
    }

    /// The functions and types whose type parameters have bounds on a scope set, and the traits that imply scopes.
    fn bounded(&self, own_traits: &OwnTraits) -> Vec<Bounded> {
        let items = self.outlines.iter().flat_map(|(file, outline)| {
            let bounded = outline.bounded();
            bounded.map(move |(path, bounds)| (file, path, bounds))
        });
        let bounded = items.map(|(file, path, bounds)| Bounded {
            requires: bounds::requirements(&own_traits.possible(bounds)).collect(),
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
            // Included data is not text.
            let text = std::fs::read_to_string(path).unwrap_or_default();
            Outline::of(&text)
        })
    }

    fn spelled(&self, package: &PackageId, place: &Place) -> Spelled {
        let text = std::fs::read_to_string(self.paths.real(package, &place.file));
        Spelled::in_file(&text.unwrap_or_default(), place)
    }
}

impl Usage {
    fn of(sites: &[Site<'_>], context: &Context<'_>) -> Self {
        let mut usage = Self::default();
        for site in sites {
            match site.note {
                Note::Operation { .. } | Note::Request { .. } => {
                    usage.call_sites.extend(site.call_site(context));
                }
                Note::Function {
                    package, version, ..
                } => {
                    let key = (package.clone(), version.clone());
                    let calls = if context.workspace.contains(&key) {
                        &mut usage.helper_calls
                    } else {
                        &mut usage.call_sites
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
                    usage.functions.push(if makes_request {
                        function
                    } else {
                        super::function::checked(function)
                    });
                }
                Note::Set { name, source } => usage.scope_sets.push(ScopeSet {
                    name: name.clone(),
                    place: site.place.clone(),
                    source: source.clone(),
                    scopes: site::entries(site, sites),
                    targets: site.targets.clone(),
                    counts: context.count(&site.targets),
                }),
                Note::Entry { .. } | Note::ObjectType { .. } | Note::ObjectCall { .. } => {}
                Note::Bypass(BypassKind::HandWritten) if site.is_written_by_macro(sites) => {}
                Note::Bypass(kind) => {
                    let bypass = site.bypass(*kind, sites, context);
                    usage.raw_calls.extend(site.raw_calls(&bypass, context));
                    match kind {
                        BypassKind::Upgrade => usage.upgrades.push(bypass),
                        _ => usage.unchecked.push(bypass),
                    }
                }
            }
        }
        usage
    }

    /// Every call.
    pub(super) fn calls(&self) -> impl Iterator<Item = &CallSite> {
        let calls = self.call_sites.iter().chain(&self.helper_calls);
        calls.chain(&self.raw_calls)
    }

    /// Adds to each call what the function around it requires of a scope set.
    fn require(&mut self, sites: &[Site<'_>], own_traits: &OwnTraits) {
        let calls = self.call_sites.iter_mut().chain(&mut self.helper_calls);
        for call in calls.chain(&mut self.raw_calls) {
            let mut at = sites.iter().filter(|site| *site.place == call.place);
            let function = at.find_map(|site| site.function.as_ref());
            let Some(function) = function else { continue };
            let stated = sites.iter().filter_map(|site| match site.note {
                Note::States { requirement, .. }
                    if site.function.as_ref() == Some(function)
                        && site.place.file == call.place.file =>
                {
                    Some(requirement.ignoring_logins())
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
