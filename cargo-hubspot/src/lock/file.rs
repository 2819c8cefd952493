//! The text of a lock: a fact on each line, sorted.
//!
//! No line counts others or closes what another one opened, so a merge of two versions of the file is again a lock, also with
//! git's `merge=union`. A field with spaces is a JSON string.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use hubspot_scopes::Requirement;

use super::{Call, SetScope, Standing, State, Unknown};
use crate::app_file::LOGIN;

/// The version of the format. Older ones are read.
const FORMAT: u32 = 1;

/// Stands for no set, no scope and no function.
pub(crate) const NONE: &str = "-";

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
        let scopes = self.scopes.iter().map(|(scope, standing)| {
            let list = standing.list.map(|list| list.to_string());
            let list = list.unwrap_or_else(|| UNDECLARED.to_owned());
            let needed = if standing.needed { NEEDED } else { SPARE };
            line(
                "scope",
                &[&scope.package, &scope.set, &scope.scope, &list, needed],
            )
        });
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
        refuse_newer(text, shown)?;
        let mut state = Self::default();
        let mut has_format = false;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            has_format |= line.starts_with("format ");
            let fault = state.read(line).err();
            if let Some(fault) = fault {
                bail!("{shown}:{}: {fault}; {REMEDY}", index + 1);
            }
        }
        ensure!(has_format, "`{shown}` is not a lock of scopes; {REMEDY}");
        state
            .contradiction()
            .map_or(Ok(state), |fault| bail!("{shown}: {fault}; {REMEDY}"))
    }

    fn read(&mut self, line: &str) -> Result<()> {
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
            ("format", [_]) => {}
            ("catalogue", [version]) => _ = self.catalogues.insert((*version).to_owned()),
            ("scope", [package, set, name, list, needed]) => {
                let list = (*list != UNDECLARED).then(|| list.parse()).transpose()?;
                let known = [NEEDED, SPARE].contains(needed);
                ensure!(known, "`{needed}` is neither `{NEEDED}` nor `{SPARE}`");
                let standing = Standing {
                    list,
                    needed: *needed == NEEDED,
                };
                let former = self.scopes.insert(scope(package, set, name), standing);
                let agrees = former.is_none_or(|former| former == standing);
                ensure!(agrees, "`{name}` of `{set}` stands in it twice");
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
        let mut used: BTreeMap<&SetScope, bool> =
            self.scopes.keys().map(|scope| (scope, false)).collect();
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
            match used.get_mut(&call.scope) {
                Some(used) => *used = true,
                None => return Some(format!("`{operation}` needs `{name}`, which has no line")),
            }
        }
        let called: BTreeSet<_> = self.calls.iter().map(|call| &call.operation).collect();
        if let Some(id) = self.operations.keys().find(|id| !called.contains(id)) {
            return Some(format!("nothing calls `{id}`"));
        }
        let mut idle = self.scopes.iter().filter(|(scope, standing)| {
            standing.needed && scope.scope != LOGIN && used.get(scope) == Some(&false)
        });
        let (scope, _) = idle.next()?;
        Some(format!("`{}` is needed, and no call needs it", scope.scope))
    }
}

/// Returns whether a text was once a lock, whatever became of it. Empty files are.
pub(super) fn is_lock(text: &str) -> bool {
    const KINDS: [&str; 7] = [
        "call",
        "catalogue",
        "format",
        "listed",
        "operation",
        "scope",
        "unknown",
    ];
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_known = |line: &str| {
        let kind = line.split(' ').next().unwrap_or_default();
        line.starts_with('#') || KINDS.contains(&kind)
    };
    HEAD.lines().next().is_some_and(|head| text.contains(head)) || lines.all(is_known)
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
            NAME = super::NAME,
        );
    }
    let format = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("format "));
    let Some(format) = format else {
        return Ok(());
    };
    let format: u32 = (format.trim().parse())
        .with_context(|| format!("the format of `{shown}` is not a number; {REMEDY}"))?;
    ensure!(
        format <= FORMAT,
        "`{shown}` has format {format}, and this version of cargo-hubspot knows {FORMAT}: update it with `cargo install \
         cargo-hubspot`"
    );
    Ok(())
}

fn scope(package: &str, set: &str, scope: &str) -> SetScope {
    SetScope::new((package, set), scope)
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
