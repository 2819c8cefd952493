//! Builds the [`Report`] from the plan and the marks that rustc reported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, PackageId};

use super::app_file;
use super::bounds::Bounded;
use super::compile::Compiled;
use super::graph::{ANY, Member, Plan};
use super::options::Selection;
use super::raw;
use super::uncompiled::{Around, Code};
use super::usage::{self, Context, Usage};
use super::verdict::Case;
use super::withhold::Withhold;
use crate::model::{
    AppFile, CallSite, FORMAT, Inexact, Package, Report, ScopeSet, ScopedFunction, TargetKind,
    Uncompiled, Verdict,
};

/// Makes the report.
pub(super) fn report(
    metadata: &Metadata,
    plan: &Plan<'_>,
    compiled: &Compiled,
    selection: &Selection,
) -> Report {
    let counted = selection.counted();
    let root = metadata.workspace_root.as_std_path();
    let workspace = metadata.workspace_packages().into_iter();
    let context = Context {
        workspace: workspace
            .map(|package| (package.name.to_string(), package.version.to_string()))
            .collect(),
        counted: &counted,
    };
    let (facts, bounded) = usage::of_members(&plan.members, compiled, &context);
    let code = Code::new(metadata, plan, compiled, &selection.trust_derives);
    let evaluator = Evaluator {
        plan,
        code: &code,
        bounded: &bounded,
        facts: &facts,
        kinds: kinds(&counted),
        root,
        files: crate::app_file::find(root),
    };
    let verdicts: Vec<_> = plan
        .members
        .iter()
        .zip(&facts)
        .map(|(member, facts)| evaluator.evaluate(member, facts))
        .collect();
    let asked = plan.members.iter().filter(|member| member.asked);
    let not_compiled = asked.flat_map(|member| code.notes(&member.package.id));
    let not_compiled = not_compiled.cloned().collect();
    let packages = plan
        .members
        .iter()
        .zip(facts)
        .zip(verdicts)
        .map(|((member, facts), evaluated)| package(member, facts, evaluated, root))
        .collect();
    Report {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        workspace: root.display().to_string(),
        notes: [selection.notes(), not_compiled, notes(plan)].concat(),
        counted,
        clients: plan.clients.clone(),
        packages,
        unseen: plan.unseen.clone(),
    }
}

/// The kinds of dependencies whose calls count where these kinds of targets do.
fn kinds(counted: &[TargetKind]) -> Vec<DependencyKind> {
    let for_tests = [TargetKind::Test, TargetKind::Example, TargetKind::Bench];
    let mut kinds = vec![DependencyKind::Normal];
    if counted.contains(&TargetKind::BuildScript) {
        kinds.push(DependencyKind::Build);
    }
    if counted.iter().any(|kind| for_tests.contains(kind)) {
        kinds.push(DependencyKind::Development);
    }
    kinds
}

fn package(member: &Member<'_>, facts: Usage, evaluated: Evaluated, root: &Path) -> Package {
    let Usage {
        scope_sets,
        call_sites,
        helper_calls,
        raw_calls: _,
        unchecked,
        upgrades,
        functions: _,
    } = facts;
    let Evaluated {
        verdict,
        app_files,
        functions,
    } = evaluated;
    Package {
        name: member.package.name.to_string(),
        version: member.package.version.to_string(),
        manifest: shown(member.package.manifest_path.as_std_path(), root),
        asked: member.asked,
        scope_sets,
        call_sites,
        helper_calls,
        unchecked,
        upgrades,
        functions,
        app_files,
        verdict,
    }
}

/// The function, without the advice to state less if code may need the scopes that was not compiled, or functions with
/// bounds, whose calls are not seen.
fn certain(
    function: ScopedFunction,
    around: &Around<'_, '_>,
    bounded: &[Bounded],
) -> ScopedFunction {
    let is_doubtful = |scope: &String| {
        let mut requires = bounded.iter().flat_map(|bounded| &bounded.requires);
        requires.any(|requirement| requirement.scopes().contains(scope.as_str()))
            || !around.calls_for(scope).is_empty()
    };
    if function.unneeded.iter().any(is_doubtful) {
        return ScopedFunction {
            unneeded: Vec::new(),
            enough: None,
            ..function
        };
    }
    function
}

/// A path as the report has it.
fn shown(path: &Path, root: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

fn folder(member: &Member<'_>) -> PathBuf {
    let manifest = member.package.manifest_path.as_std_path();
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// The judgement of a package.
struct Evaluated {
    verdict: Verdict,
    app_files: Vec<AppFile>,
    functions: Vec<ScopedFunction>,
}

/// What the judgement of each package is made of.
struct Evaluator<'a> {
    plan: &'a Plan<'a>,
    code: &'a Code<'a>,
    bounded: &'a [Bounded],
    /// Of each member, in the same order.
    facts: &'a [Usage],
    kinds: Vec<DependencyKind>,
    root: &'a Path,
    /// The files below the workspace that may be app files.
    files: Vec<PathBuf>,
}

impl Evaluator<'_> {
    fn evaluate(&self, member: &Member<'_>, facts: &Usage) -> Evaluated {
        let mut app_files = self.app_files(member, facts);
        let counted = self.counted_for(&member.package.id, !counting(&facts.scope_sets).is_empty());
        let logins: BTreeSet<_> = app_files.iter().filter_map(|file| file.login).collect();
        let case = Case {
            packages: (counted.iter())
                .map(|(member, _)| member.package.name.to_string())
                .collect(),
            sets: counting(&facts.scope_sets),
            all_sets: (counted.iter())
                .flat_map(|(_, facts)| counting(&facts.scope_sets))
                .collect(),
            calls: (counted.iter())
                .flat_map(|(_, facts)| facts.call_sites.iter().chain(&facts.raw_calls))
                .filter(|call| call.counts)
                .collect(),
            helper_calls: (counted.iter())
                .flat_map(|(_, facts)| &facts.helper_calls)
                .filter(|call| call.counts)
                .collect(),
            because: self.because(&counted),
            login: (logins.len() == 1)
                .then(|| logins.first().copied())
                .flatten(),
        };
        let mut verdict = case.decide();
        let sets = counting(&facts.scope_sets);
        let around = self.code.around(member.package);
        let uncounted = self.uncounted(&member.package.id, !sets.is_empty());
        let bounded = self.bounded(&member.package.id, !sets.is_empty());
        let stating = self.stating(&member.package.id, !sets.is_empty());
        Withhold {
            sets: &sets,
            uncounted: &uncounted,
            bounded: &[&bounded[..], &stating].concat(),
            around: &around,
        }
        .from(&mut verdict);
        raw::withhold(
            &mut verdict,
            &self.unknown(&member.package.id, !sets.is_empty()),
        );
        let differences = app_files.iter_mut().flat_map(|file| &mut file.differences);
        for difference in differences.filter(|difference| difference.in_code.is_none()) {
            let is_certain = verdict.exact && !verdict.has_unknown_requests;
            difference.may_be_needed = !is_certain
                || around.may_declare(&difference.scope)
                || self.is_for_others(member, &difference.scope);
        }
        let functions = facts.functions.iter().cloned();
        let functions = functions.map(|function| certain(function, &around, &bounded));
        Evaluated {
            verdict,
            app_files,
            functions: functions.collect(),
        }
    }

    /// The calls that do not count for a package, but may be made with its scope sets.
    fn uncounted(&self, package: &'_ PackageId, declares: bool) -> Vec<&CallSite> {
        let any = self.plan.counted_for(package, &ANY, declares);
        let counted = self.plan.counted_for(package, &self.kinds, declares);
        let members = self.plan.members.iter().zip(self.facts);
        let members = members.filter(|(member, _)| any.contains(&member.package.id));
        members
            .flat_map(|(member, facts)| {
                let is_counted = counted.contains(&member.package.id);
                let calls = facts.call_sites.iter().chain(&facts.helper_calls);
                let calls = calls.chain(&facts.raw_calls);
                calls.filter(move |call| !(is_counted && call.counts))
            })
            .collect()
    }

    /// The functions with bounds on a scope set that may be one of the package's.
    fn bounded(&self, package: &'_ PackageId, declares: bool) -> Vec<Bounded> {
        let any = self.plan.counted_for(package, &ANY, declares);
        let is_near = |one: &&Bounded| one.packages.iter().any(|package| any.contains(package));
        self.bounded.iter().filter(is_near).cloned().collect()
    }

    /// The functions that state scopes, called or not: code that was not compiled may call them.
    fn stating(&self, package: &'_ PackageId, declares: bool) -> Vec<Bounded> {
        let any = self.plan.counted_for(package, &ANY, declares);
        let members = self.plan.members.iter().zip(self.facts);
        let members = members.filter(|(member, _)| any.contains(&member.package.id));
        let functions = members.flat_map(|(_, facts)| &facts.functions);
        functions
            .map(|function| Bounded {
                requires: vec![function.states.ignoring_schemes()],
                function: function.function.clone(),
                packages: BTreeSet::new(),
            })
            .collect()
    }

    /// The requests with the scope sets of a package of which nothing tells what they need, in code of any kind.
    fn unknown(&self, package: &'_ PackageId, declares: bool) -> Vec<Uncompiled> {
        let any = self.plan.counted_for(package, &ANY, declares);
        let members = || {
            let members = self.plan.members.iter().zip(self.facts);
            members.filter(|(member, _)| any.contains(&member.package.id))
        };
        let bypasses = members().flat_map(|(_, facts)| &facts.unchecked);
        let requests = bypasses.filter(|bypass| {
            bypass
                .request
                .as_ref()
                .is_some_and(|request| !request.is_known)
        });
        let mut unknown: Vec<_> = requests
            .map(|bypass| Uncompiled::request(&bypass.place))
            .collect();
        let used = |name: &String| members().any(|(member, _)| member.package.name == *name);
        let unseen = self
            .plan
            .unseen
            .iter()
            .filter(|unseen| unseen.used_by.iter().any(used));
        unknown.extend(unseen.map(|unseen| raw::unseen(&unseen.name, &unseen.version)));
        unknown
    }

    /// The members whose calls count for a package, with their facts.
    fn counted_for(&self, package: &PackageId, declares: bool) -> Vec<(&Member<'_>, &Usage)> {
        let counted = self.plan.counted_for(package, &self.kinds, declares);
        self.plan
            .members
            .iter()
            .zip(self.facts)
            .filter(|(member, _)| counted.contains(&member.package.id))
            .collect()
    }

    fn because(&self, counted: &[(&Member<'_>, &Usage)]) -> BTreeSet<Inexact> {
        let bypasses = counted.iter().flat_map(|(_, facts)| &facts.unchecked);
        let mut because: BTreeSet<_> = bypasses
            .filter(|bypass| bypass.counts)
            .filter_map(|bypass| match &bypass.request {
                Some(request) => (!request.is_known).then_some(Inexact::RawRequests),
                None => Some(Inexact::UncheckedClients),
            })
            .collect();
        let uses_unseen = |name: &String| {
            let mut members = counted.iter();
            members.any(|(member, _)| member.package.name == *name)
        };
        let unseen = &self.plan.unseen;
        if unseen
            .iter()
            .any(|unseen| unseen.ships && unseen.used_by.iter().any(uses_unseen))
        {
            because.insert(Inexact::UnseenDependencies);
        }
        because
    }

    /// Whether an app file of a package may list the scope for another package: one that declares it, or one that was not
    /// looked at.
    fn is_for_others(&self, member: &Member<'_>, scope: &str) -> bool {
        let others = self.plan.members.iter().zip(self.facts);
        let mut others = others.filter(|(other, _)| other.package.id != member.package.id);
        let declares = |facts: &Usage| {
            let mut declared = facts.scope_sets.iter().flat_map(|set| &set.scopes);
            declared.any(|declared| declared.scope == scope)
        };
        others.any(|(_, facts)| declares(facts)) || self.plan.leaves_out_users
    }

    /// The app files of a package: those in its folder, but not in that of a package below it. In a workspace without a
    /// package at its root, those in no package's folder belong to every package that declares scopes.
    fn app_files(&self, member: &Member<'_>, facts: &Usage) -> Vec<AppFile> {
        let own = folder(member);
        let sets = counting(&facts.scope_sets);
        let sets: Vec<_> = sets.into_iter().map(|set| (set, own.clone())).collect();
        let owner = |file: &&PathBuf| {
            let folders = self.plan.members.iter().map(folder);
            folders
                .filter(|folder| file.starts_with(folder))
                .max_by_key(|folder| folder.components().count())
        };
        self.files
            .iter()
            .filter(|file| owner(file).map_or(!sets.is_empty(), |owner| owner == own))
            .filter_map(|path| {
                let mut file = app_file::read(path, shown(path, self.root))?;
                file.differences = app_file::differences(&file, path, &sets);
                Some(file)
            })
            .collect()
    }
}

fn counting(sets: &[ScopeSet]) -> Vec<&ScopeSet> {
    sets.iter().filter(|set| set.counts).collect()
}

fn notes(plan: &Plan<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if plan.clients.len() > 1 {
        let versions: Vec<_> = plan.clients.iter().map(|client| &*client.version).collect();
        notes.push(format!(
            "the workspace is built with {} versions of hubspot-generated ({}): the calls of all of them are counted together",
            versions.len(),
            versions.join(", ")
        ));
    }
    for client in plan.clients.iter().filter(|client| !client.audited) {
        notes.push(format!(
            "hubspot-generated {} has no feature `scope-audit`: calls of this version are not seen",
            client.version
        ));
    }
    notes
}
