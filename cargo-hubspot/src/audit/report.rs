//! Builds the [`Report`] from the plan and the marks that rustc reported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata};

use super::app_file;
use super::bounds::Bounded;
use super::compile::Compiled;
use super::graph::{ANY, Member, Plan};
use super::options::Selection;
use super::raw;
use super::site::Context;
use super::uncompiled::{Around, Code};
use super::usage::{self, Usage};
use super::verdict::Case;
use super::withhold::Withhold;
use crate::model::{
    CallSite, CheckedAppFile, FORMAT, Inexact, Package, Report, ScopeSet, ScopedFunction,
    TargetKind, Uncompiled,
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
    let (usages, bounded) = usage::of_members(&plan.members, compiled, &context);
    let evaluator = Evaluator {
        plan,
        code: Code::new(metadata, plan, compiled, &selection.trust_derives),
        bounded: &bounded,
        members: plan.members.iter().zip(&usages).collect(),
        kinds: kinds(&counted),
        root,
        files: app_files(metadata),
    };
    let members = evaluator.members.iter();
    let packages = members.map(|(member, usage)| evaluator.package(member, usage));
    let packages = packages.collect();
    let asked = plan.members.iter().filter(|member| member.asked);
    let not_compiled = asked.flat_map(|member| evaluator.code.notes(&member.package.id));
    let not_compiled = not_compiled.cloned().collect();
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

/// The files below the workspace that may be app files, without those of packages outside the workspace.
fn app_files(metadata: &Metadata) -> Vec<PathBuf> {
    let root = metadata.workspace_root.as_std_path();
    let packages = metadata.workspace_packages().into_iter();
    let manifests: Vec<_> = packages
        .map(|package| package.manifest_path.as_std_path())
        .collect();
    let is_outside = |folder: &Path| {
        let manifest = folder.join("Cargo.toml");
        folder != root && manifest.exists() && !manifests.contains(&&*manifest)
    };
    let mut files = crate::app_file::find(root);
    files.retain(|file| {
        let folders = file.ancestors().skip(1);
        let mut below = folders.take_while(|folder| folder.starts_with(root));
        !below.any(is_outside)
    });
    files
}

/// The kinds of dependencies whose calls count if these kinds of targets do.
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

/// Withdraws the advice to state less if code that was not compiled may need the scopes, or functions with bounds, whose
/// calls are not seen.
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
    if !function.unneeded.iter().any(is_doubtful) {
        return function;
    }
    ScopedFunction {
        unneeded: Vec::new(),
        enough: None,
        ..function
    }
}

/// A path as the report shows it.
fn shown(path: &Path, root: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

fn folder<'a>(member: &'a Member<'_>) -> &'a Path {
    let manifest = member.package.manifest_path.as_std_path();
    manifest.parent().unwrap_or(manifest)
}

/// Members of the workspace, and how each uses the client.
type Members<'a> = Vec<(&'a Member<'a>, &'a Usage)>;

/// Evaluates each package.
struct Evaluator<'a> {
    plan: &'a Plan<'a>,
    code: Code<'a>,
    bounded: &'a [Bounded],
    members: Members<'a>,
    kinds: Vec<DependencyKind>,
    root: &'a Path,
    /// The files below the workspace that may be app files.
    files: Vec<PathBuf>,
}

impl<'a> Evaluator<'a> {
    fn package(&self, member: &'a Member<'a>, usage: &'a Usage) -> Package {
        let sets = counting(&usage.scope_sets);
        let mut app_files = self.app_files(member, &sets);
        let counted = self.members_for(member, &self.kinds, !sets.is_empty());
        let any = self.members_for(member, &ANY, !sets.is_empty());
        let around = self.code.around(member.package);
        let is_near = |one: &&Bounded| {
            let mut near = any.iter().map(|(member, _)| &member.package.id);
            near.any(|package| one.packages.contains(package))
        };
        let bounded: Vec<_> = self.bounded.iter().filter(is_near).cloned().collect();
        let mut verdict = self.case(&sets, &counted, &app_files).decide();
        Withhold {
            sets: &sets,
            uncounted: &uncounted(&any, &counted),
            bounded: &[&bounded[..], &stating(&any)].concat(),
            around: &around,
        }
        .from(&mut verdict);
        raw::withhold(&mut verdict, &self.unknown(&any));
        let differences = app_files.iter_mut().flat_map(|file| &mut file.differences);
        for difference in differences.filter(|difference| difference.in_code.is_none()) {
            let is_certain = verdict.exact && !verdict.has_unknown_requests;
            difference.may_be_needed = !is_certain
                || around.may_declare(&difference.scope)
                || self.is_for_others(member, &difference.scope);
        }
        let functions = usage.functions.iter().cloned();
        let functions = functions.map(|function| certain(function, &around, &bounded));
        Package {
            name: member.package.name.to_string(),
            version: member.package.version.to_string(),
            manifest: shown(member.package.manifest_path.as_std_path(), self.root),
            asked: member.asked,
            scope_sets: usage.scope_sets.clone(),
            call_sites: usage.call_sites.clone(),
            helper_calls: usage.helper_calls.clone(),
            unchecked: usage.unchecked.clone(),
            upgrades: usage.upgrades.clone(),
            functions: functions.collect(),
            app_files,
            verdict,
        }
    }

    fn case<'c>(
        &self,
        sets: &[&'c ScopeSet],
        counted: &Members<'c>,
        app_files: &[CheckedAppFile],
    ) -> Case<'c> {
        let usages = || counted.iter().map(|(_, usage)| *usage);
        let logins: BTreeSet<_> = app_files.iter().filter_map(|file| file.login).collect();
        let calls = usages().flat_map(|usage| &usage.call_sites);
        let raw_calls = usages().flat_map(|usage| &usage.raw_calls);
        let helper_calls = usages().flat_map(|usage| &usage.helper_calls);
        Case {
            packages: counted
                .iter()
                .map(|(member, _)| member.package.name.to_string())
                .collect(),
            sets: sets.to_vec(),
            all_sets: usages()
                .flat_map(|usage| counting(&usage.scope_sets))
                .collect(),
            calls: calls.filter(|call| call.counts).collect(),
            raw_calls: raw_calls.filter(|call| call.counts).collect(),
            helper_calls: helper_calls.filter(|call| call.counts).collect(),
            because: self.because(counted),
            login: logins.first().copied().filter(|_| logins.len() == 1),
        }
    }

    /// The members whose calls count for a package, with dependencies of these kinds. If the package declares scopes, the
    /// members that can use the declaration count, too.
    fn members_for(
        &self,
        member: &Member<'_>,
        kinds: &[DependencyKind],
        declares: bool,
    ) -> Members<'a> {
        let counted = self.plan.counted_for(&member.package.id, kinds, declares);
        let members = self.members.iter().copied();
        members
            .filter(|(member, _)| counted.contains(&member.package.id))
            .collect()
    }

    /// The requests with the scope sets of a package whose scopes are not known, in code of any kind.
    fn unknown(&self, members: &Members<'_>) -> Vec<Uncompiled> {
        let bypasses = members.iter().flat_map(|(_, usage)| &usage.unchecked);
        let unknown = bypasses.filter(|bypass| {
            let request = bypass.request.as_ref();
            request.is_some_and(|request| !request.is_known)
        });
        let requests = unknown.map(|bypass| Uncompiled::request(&bypass.place));
        let is_used = |name: &String| members.iter().any(|(one, _)| one.package.name == *name);
        let unseen = self.plan.unseen.iter();
        let unseen = unseen.filter(|unseen| unseen.used_by.iter().any(is_used));
        let unseen = unseen.map(|unseen| {
            let (name, version) = (&unseen.name, &unseen.version);
            Uncompiled::elsewhere(format!(
                "the dependency `{name}` {version}, which was not audited"
            ))
        });
        requests.chain(unseen).collect()
    }

    fn because(&self, counted: &Members<'_>) -> BTreeSet<Inexact> {
        let bypasses = counted.iter().flat_map(|(_, usage)| &usage.unchecked);
        let bypasses = bypasses.filter(|bypass| bypass.counts);
        let because = bypasses.filter_map(|bypass| match &bypass.request {
            Some(request) => (!request.is_known).then_some(Inexact::RawRequests),
            None => Some(Inexact::UncheckedClients),
        });
        let is_used = |name: &String| counted.iter().any(|(one, _)| one.package.name == *name);
        let mut unseen = self.plan.unseen.iter();
        let has_unseen = unseen.any(|unseen| unseen.ships && unseen.used_by.iter().any(is_used));
        let unseen = has_unseen.then_some(Inexact::UnseenDependencies);
        because.chain(unseen).collect()
    }

    /// Returns whether an app file of a package may list the scope for another package: one that declares it, or one that
    /// was not audited.
    fn is_for_others(&self, member: &Member<'_>, scope: &str) -> bool {
        let others = self.members.iter();
        let others = others.filter(|(other, _)| other.package.id != member.package.id);
        let mut sets = others.flat_map(|(_, usage)| &usage.scope_sets);
        sets.any(|set| set.has(scope)) || self.plan.leaves_out_users
    }

    /// The app files of a package: those in its folder, but not in that of a package below it. In a workspace without a
    /// package at its root, those in no package's folder belong to every package that declares scopes.
    fn app_files(&self, member: &Member<'_>, sets: &[&ScopeSet]) -> Vec<CheckedAppFile> {
        let own = folder(member);
        let owner = |file: &Path| {
            let folders = self.plan.members.iter().map(folder);
            let around = folders.filter(|folder| file.starts_with(folder));
            around.max_by_key(|folder| folder.components().count())
        };
        let is_own = |file: &&PathBuf| {
            let owner = owner(file);
            owner.map_or(!sets.is_empty(), |owner| owner == own)
        };
        let files = self.files.iter().filter(is_own);
        files
            .filter_map(|path| app_file::check(path, shown(path, self.root), (sets, own)))
            .collect()
    }
}

fn counting(sets: &[ScopeSet]) -> Vec<&ScopeSet> {
    sets.iter().filter(|set| set.counts).collect()
}

/// The calls that do not count, but may be made with the scope sets of these members.
fn uncounted<'a>(members: &Members<'a>, counted: &Members<'_>) -> Vec<&'a CallSite> {
    let calls = members.iter().flat_map(|(member, usage)| {
        let mut counted = counted.iter();
        let is_counted = counted.any(|(one, _)| one.package.id == member.package.id);
        usage
            .calls()
            .filter(move |call| !(is_counted && call.counts))
    });
    calls.collect()
}

/// The functions that state scopes, called or not: code that was not compiled may call them.
fn stating(members: &Members<'_>) -> Vec<Bounded> {
    let functions = members.iter().flat_map(|(_, usage)| &usage.functions);
    let bounded = functions.map(|function| Bounded {
        requires: vec![function.states.ignoring_logins()],
        function: function.function.clone(),
        packages: BTreeSet::new(),
    });
    bounded.collect()
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
    let unmarked = plan.clients.iter().filter(|client| !client.audited);
    notes.extend(unmarked.map(|client| {
        let version = &client.version;
        format!("hubspot-generated {version} has no feature `scope-audit`: calls of this version are not seen")
    }));
    notes
}
