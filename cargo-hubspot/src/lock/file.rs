//! The text of a lock: a fact on each line, sorted.
//!
//! No line counts others or closes what another one opened, so a merge of two versions of the file is again a lock, also with
//! git's `merge=union`. A field with spaces is a JSON string.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail, ensure};
use hubspot_scopes::Requirement;

use super::state::{Call, NAME, NONE, SetScope, Standing, State, Unknown};
use crate::app_file::LOGIN;

/// The version of the format. Older ones are read.
const FORMAT: u32 = 1;

const HEAD: &str = "\
# The OAuth scopes that this workspace needs, and what for. `cargo hubspot lock` writes this file: do not edit it.
";

/// What a scope is that no set declares.
const UNDECLARED: &str = "undeclared";
const NEEDED: &str = "needed";
const SPARE: &str = "spare";

impl State {
    /// The whole file.
    pub(crate) fn text(&self) -> String {
        let lines = Vec::from_iter(self.lines()).join("\n");
        format!("{HEAD}format {FORMAT}\n{lines}\n")
    }

    /// The facts, each as a line.
    pub(super) fn lines(&self) -> BTreeSet<String> {
        let catalogues = self.catalogues.iter();
        let catalogues = catalogues.map(|version| line("catalogue", &[version]));
        let operations = self.operations.iter();
        let operations = operations.flat_map(|(id, needs)| {
            let id = line("operation", &[id]);
            let of_each = needs.iter();
            of_each.map(move |needs| format!("{id} {needs}").trim_end().to_owned())
        });
        let scopes = self.scopes.iter();
        let scopes = scopes.map(|(scope, standing)| scope_line(scope, *standing));
        let calls = self.calls.iter().map(|call| {
            let SetScope {
                package,
                set,
                scope,
            } = &call.scope;
            line(
                "call",
                &[package, set, scope, &call.operation, &call.function],
            )
        });
        let unknown = self.unknown.iter();
        let unknown =
            unknown.map(|one| line("unknown", &[&one.package, &one.request, &one.function]));
        let listed = self.listed.iter().map(|(listed, list)| {
            let SetScope {
                package,
                set,
                scope,
            } = listed;
            line("listed", &[package, set, scope, &list.to_string()])
        });
        let lines = catalogues.chain(operations).chain(scopes).chain(listed);
        lines.chain(calls).chain(unknown).collect()
    }

    /// Reads a lock. `shown` is its name in messages.
    pub(crate) fn parse(text: &str, shown: &str) -> Result<Self> {
        Self::parse_merged(text, shown).map(|(state, _)| state)
    }

    /// Reads a lock, also one in which a merge has left two lines of a scope, one `needed` and one `spare`. Returns the lines
    /// that do not hold, too.
    pub(super) fn parse_merged(text: &str, shown: &str) -> Result<(Self, BTreeSet<String>)> {
        refuse_newer(text, shown)?;
        let mut state = Self::default();
        let mut has_format = false;
        let mut doubled = BTreeSet::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            has_format |= line.starts_with("format ");
            let fault = state.read(line, &mut doubled).err();
            if let Some(fault) = fault {
                bail!("{shown}:{}: {fault}; {REMEDY}", index + 1);
            }
        }
        ensure!(has_format, "`{shown}` is not a lock of scopes; {REMEDY}");
        let outdated = state.settle(&doubled);
        match state.contradiction() {
            Some(fault) => bail!("{shown}: {fault}; {REMEDY}"),
            None => Ok((state, outdated)),
        }
    }

    /// Decides whether scopes with two lines are needed: they are if a call needs them. Returns the other lines.
    fn settle(&mut self, doubled: &BTreeSet<SetScope>) -> BTreeSet<String> {
        let used: BTreeSet<_> = self
            .calls
            .iter()
            .map(|call| in_package(&call.scope))
            .collect();
        let mut stale = BTreeSet::new();
        for scope in doubled {
            let Some(standing) = self.scopes.get_mut(scope) else {
                continue;
            };
            standing.needed = scope.scope == LOGIN || used.contains(&in_package(scope));
            let other = Standing {
                needed: !standing.needed,
                ..*standing
            };
            stale.insert(scope_line(scope, other));
        }
        stale
    }

    /// Reads a line. `doubled` gets a scope that is `needed` in one line and `spare` in another.
    fn read(&mut self, line: &str, doubled: &mut BTreeSet<SetScope>) -> Result<()> {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        if kind == "operation" {
            let (id, requirement) = field(rest)?;
            let requirement: Requirement = requirement.trim().parse()?;
            self.operations.entry(id).or_default().insert(requirement);
            return Ok(());
        }
        let fields = fields(rest)?;
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        match (kind, fields.as_slice()) {
            ("format", [format]) => {
                let number = format.parse::<u32>();
                ensure!(number.is_ok(), "the format `{format}` is not a number");
            }
            ("catalogue", [version]) => _ = self.catalogues.insert((*version).to_owned()),
            ("scope", [package, set, name, list, needed]) => {
                let list = (*list != UNDECLARED).then(|| list.parse()).transpose()?;
                let known = [NEEDED, SPARE].contains(needed);
                ensure!(known, "`{needed}` is neither `{NEEDED}` nor `{SPARE}`");
                let standing = Standing {
                    list,
                    needed: *needed == NEEDED,
                };
                let scope = scope(package, set, name);
                if let Some(former) = self.scopes.insert(scope.clone(), standing) {
                    let agrees = former.list == standing.list;
                    ensure!(agrees, "`{name}` of `{set}` stands in it twice");
                    doubled.extend((former != standing).then_some(scope));
                }
            }
            ("listed", [package, file, name, list]) => {
                let list = list.parse()?;
                let former = self.listed.insert(scope(package, file, name), list);
                let agrees = former.is_none_or(|former| former == list);
                ensure!(agrees, "`{name}` of `{file}` stands in it twice");
            }
            ("call", [package, set, name, operation, function]) => {
                self.calls.insert(Call {
                    scope: scope(package, set, name),
                    operation: (*operation).to_owned(),
                    function: (*function).to_owned(),
                });
            }
            ("unknown", [package, request, function]) => {
                let [package, request, function] =
                    [package, request, function].map(|one| (*one).to_owned());
                self.unknown.insert(Unknown {
                    package,
                    request,
                    function,
                });
            }
            _ => bail!("this line is not one that `cargo hubspot lock` writes"),
        }
        Ok(())
    }

    /// Where the lines contradict each other, as after an edit by hand.
    fn contradiction(&self) -> Option<String> {
        let mut used = BTreeSet::new();
        for call in &self.calls {
            let name = &call.scope.scope;
            let operation = &call.operation;
            let Some(requirements) = self.operations.get(operation) else {
                return Some(format!(
                    "`{operation}` is called, and nothing says what it needs"
                ));
            };
            if name == NONE {
                continue;
            }
            let mut scopes = requirements.iter().flat_map(Requirement::scopes);
            if !scopes.any(|scope| scope == name) {
                return Some(format!("`{operation}` does not need `{name}`"));
            }
            if !self.scopes.contains_key(&call.scope) {
                return Some(format!("`{operation}` needs `{name}`, which has no line"));
            }
            used.insert(in_package(&call.scope));
        }
        let called: BTreeSet<_> = self.calls.iter().map(|call| &call.operation).collect();
        if let Some(id) = self.operations.keys().find(|id| !called.contains(id)) {
            return Some(format!("nothing calls `{id}`"));
        }
        let mut idle = self.scopes.iter().filter(|(scope, standing)| {
            standing.needed && scope.scope != LOGIN && !used.contains(&in_package(scope))
        });
        let (scope, _) = idle.next()?;
        Some(format!("`{}` is needed, and no call needs it", scope.scope))
    }
}

/// Returns whether a text was once a lock, whatever became of it: it begins as one, or says the format of one. Empty files are.
pub(super) fn is_lock(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_format = |line: &str| {
        let mut words = line.split_whitespace();
        words.next() == Some("format") && words.count() == 1
    };
    let first = text.trim_start().lines().next().map(str::trim_end);
    first.is_none_or(|first| HEAD.lines().next() == Some(first)) || lines.any(is_format)
}

const REMEDY: &str = "run `cargo hubspot lock` to write the file again";

/// Fails for conflict markers, and for files that a later version wrote: writing them again would lose what they say.
pub(super) fn refuse_newer(text: &str, shown: &str) -> Result<()> {
    let is_marker = |line: &str| {
        ["<<<<<<< ", ">>>>>>> ", "||||||| "]
            .iter()
            .any(|marker| line.starts_with(marker))
    };
    if let Some(index) = text.lines().position(is_marker) {
        bail!(
            "{shown}:{}: a merge left conflict markers: remove the file, run `cargo hubspot lock`, and commit it. \
             The line `{NAME} merge=union` in .gitattributes avoids such conflicts",
            index + 1,
        );
    }
    // What is no number is damaged, and not newer.
    let formats = text.lines().filter_map(|line| {
        let format = line.trim().strip_prefix("format ")?;
        format.trim().parse::<u32>().ok()
    });
    if let Some(format) = formats.max().filter(|format| *format > FORMAT) {
        bail!(
            "`{shown}` has format {format}, and this version of cargo-hubspot knows {FORMAT}: update it with `cargo install \
             cargo-hubspot`"
        );
    }
    Ok(())
}

fn scope(package: &str, set: &str, scope: &str) -> SetScope {
    SetScope::new((package, set), scope)
}

/// The line of a scope.
fn scope_line(scope: &SetScope, standing: Standing) -> String {
    let list = standing.list.map(|list| list.to_string());
    let list = list.unwrap_or_else(|| UNDECLARED.to_owned());
    let needed = if standing.needed { NEEDED } else { SPARE };
    let SetScope {
        package,
        set,
        scope,
    } = scope;
    // The oldest supported compiler does not coerce within the call.
    let [package, set, scope] = [package, set, scope].map(String::as_str);
    line("scope", &[package, set, scope, &list, needed])
}

/// A scope of any set of a package: the calls are made with some of the sets only.
fn in_package(scope: &SetScope) -> (String, String) {
    (scope.package.clone(), scope.scope.clone())
}

fn line<const N: usize>(kind: &str, fields: &[impl AsRef<str>; N]) -> String {
    let fields = fields.iter().map(|field| {
        let field = field.as_ref();
        let is_plain =
            !field.is_empty() && !field.contains(|one: char| one == '"' || one.is_whitespace());
        if is_plain {
            field.to_owned()
        } else {
            serde_json::Value::from(field).to_string()
        }
    });
    [kind.to_owned()]
        .into_iter()
        .chain(fields)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The first field, and what follows.
fn field(text: &str) -> Result<(String, &str)> {
    let text = text.trim_start();
    if !text.starts_with('"') {
        let (field, rest) = text.split_once(' ').unwrap_or((text, ""));
        return Ok((field.to_owned(), rest));
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let field = values.next().context("a field is missing")??;
    let rest = text.get(values.byte_offset()..).unwrap_or_default();
    Ok((field, rest))
}

fn fields(text: &str) -> Result<Vec<String>> {
    let mut rest = text;
    let mut fields = Vec::new();
    while !rest.trim().is_empty() {
        let (one, after) = field(rest)?;
        fields.push(one);
        rest = after;
    }
    Ok(fields)
}
