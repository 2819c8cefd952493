//! `--format markdown`: why the app asks for its scopes, as HubSpot's app review wants to know.
//!
//! Comes in: the report, and the doc comments of the functions that call. Goes out: a page with a section for each scope that
//! is declared: what it is used for, in which feature of the app, and where in the source. Refuses nothing: a source file
//! that cannot be read gives no feature.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::app_file::LOGIN;
use crate::finding::described;
use crate::model::{CallSite, DeclaredScope, List, Package, Report};
use crate::operations;

/// The page.
pub(super) fn page(report: &Report) -> String {
    let mut text = String::new();
    let mut sources = Sources::new(&report.workspace);
    for package in report.packages.iter().filter(|package| package.asked) {
        _ = writeln!(text, "# OAuth scopes of {}\n", package.name);
        let scopes = scopes(package);
        if scopes.is_empty() {
            text.push_str("The app asks for no scopes.\n\n");
            continue;
        }
        let used: Vec<_> = scopes
            .iter()
            .map(|(scope, list)| (*scope, *list, calls(report, package, scope)))
            .collect();
        overview(package, &used, &mut text);
        for scope in &used {
            section(package, scope, &mut sources, &mut text);
        }
    }
    let version = &report.version;
    _ = writeln!(
        text,
        "---\n\nMade by `cargo hubspot audit` {version} from the calls that the compiler found in what ships."
    );
    text
}

/// Each scope that the app asks HubSpot for, with its list.
fn scopes(package: &Package) -> BTreeMap<&str, List> {
    let mut scopes = BTreeMap::new();
    for set in package.scope_sets.iter().filter(|set| set.counts) {
        let asked = set.scopes.iter().filter(|one| one.list != List::Assume);
        for one in asked {
            let list = scopes.entry(one.scope.as_str()).or_insert(one.list);
            *list = one.list.min(*list);
        }
    }
    scopes
}

/// A scope, how it is asked for, and the calls for which it is of use.
type Used<'a> = (&'a str, List, Vec<&'a CallSite>);

fn overview(package: &Package, scopes: &[Used<'_>], text: &mut String) {
    text.push_str("| Scope | Asked for as | Used to |\n| --- | --- | --- |\n");
    for (scope, list, calls) in scopes {
        let why: BTreeSet<_> = calls
            .iter()
            .map(|call| operations::phrase(&call.operation))
            .collect();
        let why = if why.is_empty() {
            unused(package, scope).to_owned()
        } else {
            Vec::from_iter(why).join("; ")
        };
        _ = writeln!(text, "| `{scope}` | {} | {why} |", described(*list));
    }
    text.push('\n');
}

/// What to say of a scope that no call needs.
fn unused(package: &Package, scope: &str) -> &'static str {
    let verdict = &package.verdict;
    let is_it = |declared: &DeclaredScope| declared.scope == scope;
    if scope == LOGIN {
        "let an account install the app"
    } else if verdict.test_only.iter().any(|one| is_it(&one.declared)) {
        "**not used by what ships, only by tests**"
    } else if verdict.undecided.iter().any(|one| is_it(&one.declared)) {
        "**not used by what was compiled; other code may use it**"
    } else {
        "**not used; remove it before the review**"
    }
}

/// The calls that count and for which the scope is of use. A scope that is declared here may be used by another package.
fn calls<'a>(report: &'a Report, package: &Package, scope: &str) -> Vec<&'a CallSite> {
    let packages = report
        .packages
        .iter()
        .filter(|other| package.verdict.packages.contains(&other.name));
    packages
        .flat_map(|other| &other.call_sites)
        .filter(|call| call.counts && call.requirement.scopes().contains(scope))
        .filter(|call| package.can_make(call))
        .collect()
}

fn section(
    package: &Package,
    (scope, list, calls): &Used<'_>,
    sources: &mut Sources<'_>,
    text: &mut String,
) {
    _ = writeln!(text, "## `{scope}`\n\nAsked for as {}.\n", described(*list));
    let mut by_operation: BTreeMap<&str, Vec<&CallSite>> = BTreeMap::new();
    for call in calls {
        by_operation.entry(&call.operation).or_default().push(call);
    }
    if by_operation.is_empty() {
        let verb = if *scope == LOGIN { "Used to" } else { "It is" };
        _ = writeln!(text, "{verb} {}.", unused(package, scope));
    }
    for (operation, calls) in by_operation {
        let phrase = operations::phrase(operation);
        let route = operations::find(operation)
            .map(|operation| format!(" (`{} {}`)", operation.method, operation.path));
        _ = writeln!(
            text,
            "- To {phrase}: `{operation}`{}",
            route.unwrap_or_default()
        );
        for call in calls {
            let function = call.function.as_ref();
            let function = function.map_or_else(String::new, |name| format!("`{name}`, "));
            let feature = sources.feature(call);
            let feature = feature.map_or_else(String::new, |feature| format!(": {feature}"));
            let (file, line) = (&call.place.file, call.place.line);
            _ = writeln!(text, "  - {function}`{file}:{line}`{feature}");
        }
    }
    text.push('\n');
}

/// The lines of source files, each read once.
struct Sources<'a> {
    workspace: &'a Path,
    lines: BTreeMap<String, Vec<String>>,
}

impl<'a> Sources<'a> {
    fn new(workspace: &'a str) -> Self {
        Self {
            workspace: Path::new(workspace),
            lines: BTreeMap::new(),
        }
    }

    /// What the function of a call is for: the first sentence of its doc comment.
    fn feature(&mut self, call: &CallSite) -> Option<String> {
        let name = call.function.as_ref()?.rsplit("::").next()?;
        let file = &call.place.file;
        let lines = self.lines.entry(file.clone()).or_insert_with(|| {
            let text = std::fs::read_to_string(self.workspace.join(file));
            let text = text.unwrap_or_default();
            text.lines().map(|line| line.trim().to_owned()).collect()
        });
        let before = lines.get(..call.place.line)?;
        let is_header = |line: &String| {
            let mut parts = line.split("fn ").skip(1);
            parts.any(|rest| {
                let rest = rest.strip_prefix(name);
                rest.is_some_and(|rest| rest.starts_with(['(', '<']))
            })
        };
        let header = before.iter().rposition(is_header)?;
        first_sentence(before.get(..header)?)
    }
}

/// The first sentence of the doc comment with which `lines` end, attributes after it aside.
fn first_sentence(lines: &[String]) -> Option<String> {
    let above = lines.iter().rev();
    let above = above.skip_while(|line| line.starts_with("#[") || line.ends_with(")]"));
    let mut doc: Vec<_> = above.map_while(|line| line.strip_prefix("///")).collect();
    doc.reverse();
    let paragraph: Vec<_> = doc
        .into_iter()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let paragraph = paragraph.join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    let sentence = paragraph.get(..end)?;
    (!sentence.is_empty()).then(|| sentence.to_owned())
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn the_feature_is_the_first_sentence_above_the_function() {
        let sentence = |text: &str| {
            let lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).collect();
            first_sentence(&lines)
        };
        let text =
            "}\n/// Syncs what\n/// changed. Then more.\n///\n/// Details\n#[inline]\n#[a(\nb\n)]";
        assert_eq!(
            sentence(text),
            None,
            "an attribute of several lines hides it"
        );
        let text = "}\n/// Syncs what\n/// changed. Then more.\n///\n/// Details\n#[inline]";
        assert_eq!(sentence(text).as_deref(), Some("Syncs what changed."));
        assert_eq!(sentence("}\n"), None);
    }
}
