//! Plans which scopes are added to which scope set and app file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use hubspot_scopes::{Alternative, Requirement};

use super::sets::SourceSet;
use crate::app_file;
use crate::finding::quoted;
use crate::fix::{Change, Edits, in_app_file};
use crate::model::List;
use crate::power;
use crate::scopes::known;

/// A scope set in its file.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) file: PathBuf,
    pub(super) set: SourceSet,
}

/// What is added, and what has to be done by hand.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) changes: Vec<Change>,
    pub(super) notes: Vec<String>,
    /// What accounts have to consent to.
    pub(super) consents: Vec<String>,
}

/// A requirement, and the operation that has it.
pub(super) type Need = (Requirement, String);

/// The scopes with the least power that a set lacks for these needs, and the needs that the user has to decide on: HubSpot
/// requires the scope of the objects at hand, which is not known here.
pub(super) fn lacking<'a>(
    granted: &BTreeSet<String>,
    needs: &'a [Need],
) -> (BTreeSet<String>, Vec<&'a Need>) {
    let (of_any_type, certain): (Vec<_>, Vec<_>) =
        needs.iter().partition(|(need, _)| need.depends_on_type());
    let requirements: Vec<_> = certain.iter().map(|(need, _)| need.clone()).collect();
    let search = power::search(
        certain
            .iter()
            .map(|(need, operation)| (need, operation.as_str())),
    );
    let chosen = search.given(granted.clone()).satisfying(&requirements);
    let there = granted | &chosen;
    let undecided = of_any_type.into_iter();
    let undecided = undecided.filter(|(need, _)| !need.satisfied_by(&there));
    (&chosen - granted, undecided.collect())
}

/// The name of a file relative to a folder, with `/`.
pub(super) fn shown(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.display().to_string().replace('\\', "/")
}

impl Found {
    /// Each scope of the set with its list, those of its app file included.
    pub(super) fn lists(&self) -> Result<BTreeMap<String, List>> {
        let mut lists: BTreeMap<_, _> = self.set.scopes().collect();
        if let Some(path) = app_file_of(self) {
            let listed = app_file::read(&path)?.scopes;
            lists.extend(listed.scopes().map(|(list, scope)| (scope.clone(), list)));
        }
        Ok(lists)
    }
}

/// The scopes that every client of a set with these lists has.
pub(super) fn granted(lists: &BTreeMap<String, List>) -> BTreeSet<String> {
    let granted = lists.iter().filter(|(_, list)| list.is_granted());
    granted.map(|(scope, _)| scope.clone()).collect()
}

/// The app file that has the lists of a set.
fn app_file_of(found: &Found) -> Option<PathBuf> {
    let file = found.set.file.as_ref()?;
    Some(package(&found.file)?.join(file))
}

/// The folder of the package that a file belongs to.
fn package(file: &Path) -> Option<&Path> {
    file.ancestors()
        .skip(1)
        .find(|folder| folder.join("Cargo.toml").is_file())
}

/// What is done with one scope of a set.
struct Addition {
    scope: String,
    list: List,
}

/// Plans the additions to each set. `root` is the folder that names of files are relative to.
pub(super) fn plan(root: &Path, needs: &[(Found, Vec<Need>)]) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut files: BTreeMap<PathBuf, Vec<(&Found, Vec<Addition>)>> = BTreeMap::new();
    let mut app_files: BTreeMap<PathBuf, Edits> = BTreeMap::new();
    for (found, needs) in needs {
        let additions = additions(found, needs, &mut plan.notes)?;
        if additions.is_empty() {
            continue;
        }
        let scopes: Vec<_> = additions.iter().map(|one| one.scope.clone()).collect();
        plan.consents.push(format!(
            "`{}` requires {} in addition: every installed account has to consent again",
            found.set.name,
            quoted(&scopes)
        ));
        for path in app_files_of(found)? {
            let listed = app_file::read(&path)?.scopes;
            let listed: BTreeMap<_, _> = listed.scopes().map(|(list, one)| (one, list)).collect();
            let file = shown(root, &path);
            let edits = app_files.entry(path).or_default();
            for one in &additions {
                match listed.get(&one.scope) {
                    None => edits.add.push((one.list, one.scope.clone())),
                    Some(List::Required) => {}
                    Some(list) => plan.notes.push(format!(
                        "`{}` is in the list `{list}` of {file}: move it to `required`, or make it `{list}` in `{}`",
                        one.scope, found.set.name
                    )),
                }
            }
        }
        if found.set.file.is_none() {
            files
                .entry(found.file.clone())
                .or_default()
                .push((found, additions));
        }
    }
    for (path, sets) in files {
        let change = Change::of(root, &shown(root, &path), |text| in_source(text, &sets))?;
        plan.changes.extend(change);
    }
    for (path, mut edits) in app_files {
        edits.add.sort();
        edits.add.dedup();
        let change = Change::of(root, &shown(root, &path), |text| in_app_file(text, &edits))?;
        plan.changes.extend(change);
    }
    Ok(plan)
}

/// Every app file of a set's package, or the one that the set reads.
fn app_files_of(found: &Found) -> Result<Vec<PathBuf>> {
    if let Some(path) = app_file_of(found) {
        return Ok(vec![path]);
    }
    let mut files = Vec::new();
    let folder = package(&found.file);
    let found = folder.map(app_file::find).unwrap_or_default();
    // A package within has its own.
    for path in found.into_iter().filter(|path| package(path) == folder) {
        match app_file::look(&path) {
            Ok(Some(_)) => files.push(path),
            Ok(None) => {}
            Err(fault) => bail!("`{}` {fault}", path.display()),
        }
    }
    Ok(files)
}

/// The scopes that a set lacks, each with the list that it belongs to.
fn additions(found: &Found, needs: &[Need], notes: &mut Vec<String>) -> Result<Vec<Addition>> {
    let name = &found.set.name;
    let lists = found.lists()?;
    let granted = granted(&lists);
    let (mut lacking, undecided) = lacking(&granted, needs);
    let mut by_hand = BTreeSet::new();
    for (need, operation) in &undecided {
        let mut alternatives = need.alternatives().iter().map(Alternative::scopes);
        let is_listed = |scope: &String| lists.contains_key(scope);
        if let Some(listed) = alternatives.find(|scopes| scopes.iter().all(is_listed)) {
            lacking.extend(listed - &granted);
        } else {
            by_hand.insert(of_any_type(found, need, operation));
        }
    }
    notes.extend(by_hand);
    if lacking.is_empty() && undecided.is_empty() {
        let scopes = needs.iter().flat_map(|(need, _)| need.scopes());
        let scopes: BTreeSet<_> = scopes.filter(|&scope| granted.contains(scope)).collect();
        let scopes: Vec<_> = scopes.into_iter().map(str::to_owned).collect();
        let scopes = quoted(&scopes);
        notes.push(format!(
            "`{name}` declares {scopes} already: the account has not granted it, and has to consent again"
        ));
    }
    let mut additions = Vec::new();
    for scope in lacking {
        if let Some(list) = lists.get(&scope) {
            notes.push(format!(
                "`{scope}` is in the list `{list}` of `{name}`: call through `Client::upgrade`, or move the scope to `required`, \
                 which every installed account has to consent to"
            ));
            continue;
        }
        let list = list_of(&scope);
        additions.push(Addition { scope, list });
    }
    Ok(additions)
}

/// What is said of an operation on objects of any type.
fn of_any_type(found: &Found, need: &Requirement, operation: &str) -> String {
    let name = &found.set.name;
    let operation = match operation {
        "" => "the call".to_owned(),
        operation => format!("`{operation}`"),
    };
    let example = need.example().map(Alternative::scopes);
    let example: Vec<_> = example.into_iter().flatten().cloned().collect();
    let file = found.set.file.as_ref();
    let file = file.map_or_else(String::new, |file| format!(" of {file}"));
    format!(
        "`{name}` lacks the scope of the object type of {operation}, such as {}: add the right one to the list of required \
         scopes{file}",
        quoted(&example)
    )
}

/// The list that a new scope belongs to.
pub(super) fn list_of(scope: &str) -> List {
    if known().any(|one| one == scope) {
        List::Required
    } else {
        List::Unlisted
    }
}

fn in_source(text: &str, sets: &[(&Found, Vec<Addition>)]) -> Result<String> {
    let mut edits = Vec::new();
    for (found, additions) in sets {
        for list in [List::Required, List::Unlisted] {
            let scopes = additions.iter().filter(|one| one.list == list);
            let scopes: Vec<_> = scopes.map(|one| one.scope.as_str()).collect();
            if !scopes.is_empty() {
                edits.extend(found.set.add(text, list, &scopes)?);
            }
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        text.replace_range(range, &new);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const SOURCE: &str = "scope_set! { pub struct A { required: [\"oauth\"] } }\n";

    fn app(optional: &str) -> String {
        format!(
            r#"{{"type":"app","config":{{"auth":{{"type":"oauth","requiredScopes":["oauth"],"optionalScopes":[{optional}]}}}}}}"#
        )
    }

    #[test]
    fn the_scope_of_the_objects_at_hand_is_not_guessed() {
        let need = |id: &str| {
            let operation = crate::operations::find(id).unwrap();
            (operation.requirement().unwrap(), id.to_owned())
        };
        let none = BTreeSet::new();
        let needs = [need("pipelines.list")];
        let (scopes, undecided) = lacking(&none, &needs);
        assert!(scopes.is_empty());
        assert_eq!(undecided, [&needs[0]]);
        let needs = [need("pipelines.list"), need("deals.list")];
        let (scopes, undecided) = lacking(&none, &needs);
        assert_eq!(Vec::from_iter(scopes), ["crm.objects.deals.read"]);
        assert!(undecided.is_empty());
        // Not the old scope that does the same with a private app's token.
        let contacts = ["read", "write"].map(|effect| format!("crm.objects.contacts.{effect}"));
        let needs = [need("owners.list")];
        let (scopes, _) = lacking(&BTreeSet::from(contacts), &needs);
        assert_eq!(Vec::from_iter(scopes), ["crm.objects.owners.read"]);
    }

    #[test]
    fn only_the_packages_own_app_files_change_and_differences_are_said() {
        let folder = tempfile::tempdir().unwrap();
        let [deals, tickets] = ["crm.objects.deals.read", "tickets"];
        for (name, text) in [
            ("Cargo.toml", ""),
            ("lib.rs", SOURCE),
            ("app/app-hsmeta.json", &app(&format!("{deals:?}"))),
            ("inner/Cargo.toml", ""),
            ("inner/app-hsmeta.json", &app("")),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = Found {
            file: folder.path().join("lib.rs"),
            set: SourceSet::all(SOURCE).remove(0),
        };
        let needs = [deals, tickets].map(|scope| (Requirement::all_of([scope]), String::new()));
        let plan = plan(folder.path(), &[(found, needs.into())]).unwrap();
        let changed = plan.changes.iter();
        let changed: Vec<_> = changed
            .map(|change| (change.shown.as_str(), change.after.as_str()))
            .collect();
        let lists = |text: &str| text.replace("[\"oauth\"]", "[\"oauth\", \"tickets\"]");
        assert_eq!(
            changed,
            [
                (
                    "lib.rs",
                    "scope_set! { pub struct A { required: [\"oauth\", \"crm.objects.deals.read\", \"tickets\"] } }\n"
                ),
                (
                    "app/app-hsmeta.json",
                    lists(&app(&format!("{deals:?}"))).as_str()
                ),
            ]
        );
        assert_eq!(
            plan.notes,
            [
                "`crm.objects.deals.read` is in the list `optional` of app/app-hsmeta.json: move it to `required`, or make it `optional` in `A`"
            ]
        );
        assert_eq!(
            plan.consents,
            [
                "`A` requires `crm.objects.deals.read` and `tickets` in addition: every installed account has to consent again"
            ]
        );
    }
}
