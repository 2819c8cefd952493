//! Plans the changes of files. A file that is not as the report says is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, anyhow, bail, ensure};
use jsonc_parser::ast::Value;
use jsonc_parser::cst::{CstInputValue, CstRootNode};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::change::Change;
use super::list;
use crate::app_file::LOGIN;
use crate::finding::{plural, quoted};
use crate::model::{CheckedAppFile, List, OUT_DIR, Package, Report, ScopeSet};
use crate::tokens;

/// The planned changes.
pub(super) struct Plan {
    pub(super) changes: Vec<Change>,
    /// The scopes that stay although nothing needs them, and why.
    pub(super) kept: Vec<String>,
}

/// The changes of the lists of one declaration.
#[derive(Default)]
pub(crate) struct Edits {
    pub(crate) remove: BTreeSet<String>,
    pub(crate) add: Vec<(List, String)>,
}

/// The changes that follow from the audit's findings.
pub(super) fn of(report: &Report) -> Result<Plan> {
    let root = Path::new(&report.workspace);
    let mut kept = Vec::new();
    let mut changes = Vec::new();
    let mut app_files = BTreeMap::new();
    for package in report.requested() {
        let sets = package.scope_sets.iter().filter(|set| set.counts);
        let sets: Vec<_> = sets
            .map(|set| (set, of_set(package, set, &mut kept)))
            .collect();
        of_app_files(package, &sets, &mut app_files);
        let written = sets.iter().filter(|(set, edits)| {
            let is_generated = set.place.file.starts_with(OUT_DIR);
            if is_generated && !edits.remove.is_empty() {
                kept.push(format!("a build script writes `{}`: change that", set.name));
            }
            set.source.is_none() && !is_generated
        });
        let files: BTreeSet<_> = written.map(|(set, _)| set.place.file.as_str()).collect();
        for file in files {
            let sets: Vec<_> = sets
                .iter()
                .filter(|(set, _)| set.source.is_none() && set.place.file == file)
                .collect();
            changes.extend(Change::of(root, file, |text| in_source(text, &sets))?);
        }
    }
    for (file, edits) in app_files {
        changes.extend(Change::of(root, &file, |text| in_app_file(text, &edits))?);
    }
    Ok(Plan { changes, kept })
}

/// Adds the changes of each app file of a package, whether a scope set reads it or not.
fn of_app_files(
    package: &Package,
    sets: &[(&ScopeSet, Edits)],
    app_files: &mut BTreeMap<String, Edits>,
) {
    // A scope that another set still declares stays in the app's file.
    let stays = |scope: &String| {
        let mut declared = sets.iter().flat_map(|(set, edits)| {
            let left = set.scopes.iter();
            left.filter(|one| one.list.is_requested() && !edits.remove.contains(&one.scope))
        });
        scope == LOGIN || declared.any(|one| one.scope == *scope)
    };
    let mut code = Edits::default();
    for (_, edits) in sets {
        code.remove.extend(edits.remove.iter().cloned());
        code.add.extend(edits.add.iter().cloned());
    }
    code.remove.retain(|scope| !stays(scope));
    for source in sets.iter().filter_map(|(set, _)| set.source.as_ref()) {
        let edits = app_files
            .entry(below(&package.manifest, source))
            .or_default();
        edits.remove.extend(code.remove.iter().cloned());
        edits.add.extend(code.add.iter().cloned());
    }
    for file in package.app_files.iter().filter(|file| file.fault.is_none()) {
        let edits = app_files.entry(file.file.clone()).or_default();
        of_app_file(package, file, &code, edits);
    }
}

/// A path below the folder of a manifest, as the report would name it.
fn below(manifest: &str, path: &str) -> String {
    match manifest.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{path}"),
        None => path.to_owned(),
    }
}

/// The changes of one set: unused scopes go, and, if the audit is exact, others are replaced. A scope that a called function
/// states stays: the call would not compile.
fn of_set(package: &Package, set: &ScopeSet, kept: &mut Vec<String>) -> Edits {
    let verdict = &package.verdict;
    let mut edits = Edits::default();
    let unused = verdict
        .unused
        .iter()
        .map(|declared| (declared, [].as_slice()));
    let is_certain = verdict.exact && !verdict.has_unknown_requests;
    let replaceable = verdict.replaceable.iter().filter(|_| is_certain);
    let replaceable = replaceable.map(|one| (&one.declared, one.by.as_slice()));
    for (declared, by) in unused.chain(replaceable) {
        if declared.set != set.name {
            continue;
        }
        let shown = format!("`{}` of `{}` stays", declared.scope, declared.set);
        if verdict.has_unknown_requests {
            kept.push(format!(
                "{shown}, because requests may need it that do not state their scopes, or that were not seen"
            ));
            continue;
        }
        let stated_by = &declared.stated_by;
        if !stated_by.is_empty() {
            let verb = plural(stated_by.len(), "states", "state");
            let by = quoted(stated_by);
            kept.push(format!(
                "{shown}, because {by} {verb} it: change that first"
            ));
            continue;
        }
        edits.remove.insert(declared.scope.clone());
        let is_new = |by: &&String| !set.scopes.iter().any(|one| one.scope == **by);
        let new = by
            .iter()
            .filter(is_new)
            .map(|by| (declared.list, by.clone()));
        edits.add.extend(new);
    }
    edits.add.sort();
    edits.add.dedup();
    edits
}

/// Adds the changes that make a file list what the code declares after its own changes. Scopes that only the file has stay
/// if something could need them, and so does `oauth`, which every installation needs.
fn of_app_file(package: &Package, file: &CheckedAppFile, code: &Edits, edits: &mut Edits) {
    let needed = |scope: &str| {
        let mut needs = package.verdict.needs.iter();
        scope == LOGIN || needs.any(|need| need.requirement.scopes().contains(scope))
    };
    let listed = |scope: &str| file.scopes.iter().any(|one| one.scope == scope);
    edits.remove.extend(code.remove.iter().cloned());
    let added = code.add.iter().filter(|(_, scope)| !listed(scope));
    edits.add.extend(added.cloned());
    for difference in &file.differences {
        let scope = &difference.scope;
        if code.remove.contains(scope) {
            continue;
        }
        match (difference.in_file, difference.in_code) {
            (Some(_), None) if needed(scope) || difference.may_be_needed => {}
            (Some(_), None) => _ = edits.remove.insert(scope.clone()),
            (before, Some(list)) => {
                if before.is_some() {
                    edits.remove.insert(scope.clone());
                }
                edits.add.push((list, scope.clone()));
            }
            (None, None) => {}
        }
    }
}

/// Rewrites the lists of the scope sets in a source file.
pub(super) fn in_source(text: &str, sets: &[&(&ScopeSet, Edits)]) -> Result<String> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let tokens = tokens::parse(text).map_err(|error| anyhow!("it is not Rust: {error}"))?;
    let mut lists: BTreeMap<usize, (usize, &Edits, BTreeSet<List>)> = BTreeMap::new();
    for (set, edits) in sets {
        for declared in &set.scopes {
            let place = &declared.place;
            let is_touched = edits.remove.contains(&declared.scope)
                || edits.add.iter().any(|(list, _)| *list == declared.list);
            if !is_touched {
                continue;
            }
            let literal = text.get(place.byte_start..place.byte_end);
            ensure!(
                literal == Some(&format!("\"{}\"", declared.scope)),
                "line {} no longer has {:?}, or not as a plain string: audit again",
                place.line,
                declared.scope
            );
            let (start, end) = bracket(tokens.clone(), place.byte_start - mark)
                .ok_or_else(|| anyhow!("{:?} is in no list", declared.scope))?;
            let list = lists
                .entry(start + mark)
                .or_insert((end + mark, edits, BTreeSet::new()));
            list.2.insert(declared.list);
        }
    }
    let mut text = text.to_owned();
    for (start, (end, edits, kinds)) in lists.into_iter().rev() {
        let remove = edits.remove.iter().map(String::as_str).collect();
        let add = edits.add.iter().filter(|(list, _)| kinds.contains(list));
        let add: Vec<_> = add.map(|(_, scope)| scope.as_str()).collect();
        let before = text.get(start..end).unwrap_or_default();
        let after = list::rewrite(before, &remove, &add)?;
        text.replace_range(start..end, &after);
    }
    Ok(text)
}

/// The innermost `[...]` around a byte.
fn bracket(tokens: TokenStream, byte: usize) -> Option<(usize, usize)> {
    let mut groups = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    let group = groups.find(|group| group.span().byte_range().contains(&byte))?;
    let range = group.span().byte_range();
    bracket(group.stream(), byte)
        .or_else(|| (group.delimiter() == Delimiter::Bracket).then_some((range.start, range.end)))
}

/// Rewrites the lists of an app file.
pub(crate) fn in_app_file(text: &str, edits: &Edits) -> Result<String> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        ..ParseOptions::default()
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict);
    let parsed = parsed.map_err(|error| anyhow!("it is not JSON: {error}"))?;
    let file = parsed.value.as_ref().and_then(Value::as_object);
    let auth = file.and_then(|file| file.get_object("config")?.get_object("auth"));
    let auth = auth.ok_or_else(|| anyhow!("it has no `config.auth`"))?;
    let mut rewritten = Vec::new();
    let mut absent = Vec::new();
    for (there, name) in List::in_every_app_file() {
        let add = edits.add.iter();
        let add = add.filter(|(list, _)| list.in_app_file() == Some(there));
        let add: Vec<_> = add.map(|(_, scope)| scope.as_str()).collect();
        // A scope that moves to this list leaves only the others.
        let remove = edits.remove.iter().map(String::as_str);
        let remove = remove.filter(|scope| !add.contains(scope)).collect();
        match auth.get(name).map(|property| &property.value) {
            Some(Value::Array(list)) => {
                let range = list.range.start..list.range.end;
                let before = text.get(range.clone()).unwrap_or_default();
                rewritten.push((range, list::rewrite(before, &remove, &add)?));
            }
            Some(_) => bail!("its `config.auth.{name}` is not a list"),
            None => absent.push((name, add)),
        }
    }
    rewritten.sort_by_key(|(range, _)| range.start);
    let mut text = text.to_owned();
    for (range, list) in rewritten.into_iter().rev() {
        text.replace_range(range, &list);
    }
    with_lists(&text, &absent)
}

/// Adds lists that an app file does not have yet.
fn with_lists(text: &str, lists: &[(&str, Vec<&str>)]) -> Result<String> {
    let root = CstRootNode::parse(text, &ParseOptions::default())?;
    let auth = root
        .object_value()
        .and_then(|file| file.object_value("config")?.object_value("auth"));
    for (name, scopes) in lists.iter().filter(|(_, scopes)| !scopes.is_empty()) {
        let scopes = scopes.iter().map(|scope| CstInputValue::from(*scope));
        if let Some(auth) = &auth {
            auth.append(name, CstInputValue::Array(scopes.collect()));
        }
    }
    Ok(root.to_string())
}
