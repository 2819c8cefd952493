//! `--format markdown`: why the app asks for its scopes, for HubSpot's app review.
//!
//! Each declared scope has a section that lists the operations it is used for, and where. The first sentence of the doc
//! comment of a calling function describes the feature.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::app_file::LOGIN;
use crate::finding::described;
use crate::model::{CallSite, DeclaredScope, List, Package, Report};
use crate::operations;

/// Writes the page.
pub(super) fn page(report: &Report) -> String {
    let mut text = String::new();
    let mut sources = Sources {
        workspace: Path::new(&report.workspace),
        lines: BTreeMap::new(),
    };
    for package in report.requested() {
        _ = writeln!(text, "# OAuth scopes of {}\n", package.name);
        let scopes = package.declared().into_iter();
        let scopes = scopes.filter(|(_, list)| list.is_requested());
        let used: Vec<_> = scopes
            .map(|(scope, list)| (scope, list, calls(report, package, scope)))
            .collect();
        if used.is_empty() {
            text.push_str("The app asks for no scopes.\n\n");
            continue;
        }
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

/// A scope, its list, and the calls that it is used for.
type Used<'a> = (&'a str, List, Vec<&'a CallSite>);

fn overview(package: &Package, scopes: &[Used<'_>], text: &mut String) {
    text.push_str("| Scope | Asked for as | Used to |\n| --- | --- | --- |\n");
    for (scope, list, calls) in scopes {
        let phrases = calls.iter().map(|call| operations::phrase(&call.operation));
        let phrases: BTreeSet<_> = phrases.collect();
        let why = if phrases.is_empty() {
            unused(package, scope).to_owned()
        } else {
            Vec::from_iter(phrases).join("; ")
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

/// The counted calls that a scope is used for. Another package may use a scope that is declared here.
///
/// Calls on objects of any type accept nearly every scope: they are the use of one that has no other.
fn calls<'a>(report: &'a Report, package: &Package, scope: &str) -> Vec<&'a CallSite> {
    let packages = report.packages.iter();
    let packages = packages.filter(|other| package.verdict.packages.contains(&other.name));
    let calls = packages
        .flat_map(|other| &other.call_sites)
        .filter(|call| call.counts && call.requirement.scopes().contains(scope))
        .filter(|call| package.can_make(call));
    let (of_any_type, certain): (Vec<_>, Vec<_>) =
        calls.partition(|call| call.requirement.depends_on_type());
    if certain.is_empty() {
        of_any_type
    } else {
        certain
    }
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
        let route = calls.iter().find_map(|call| call.route.as_ref());
        let route = route.map_or_else(String::new, |route| format!(" (`{route}`)"));
        _ = writeln!(text, "- To {phrase}: `{operation}`{route}");
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

impl Sources<'_> {
    /// The first sentence of the doc comment of the function around a call.
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

/// The first sentence of the doc comment that `lines` end with, not counting attributes after it.
fn first_sentence(lines: &[String]) -> Option<String> {
    let above = lines.iter().rev();
    let above = above.skip_while(|line| line.starts_with("#[") || line.ends_with(")]"));
    let mut doc: Vec<_> = above.map_while(|line| line.strip_prefix("///")).collect();
    doc.reverse();
    let lines = doc.into_iter().map(str::trim);
    let paragraph: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
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
        let doc = "}\n/// Syncs what\n/// changed. Then more.\n///\n/// Details\n#[inline]";
        // An attribute of several lines hides it.
        let hidden = format!("{doc}\n#[a(\nb\n)]");
        for (text, expected) in [
            (doc, Some("Syncs what changed.")),
            (&hidden, None),
            ("}\n", None),
        ] {
            let lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).collect();
            assert_eq!(first_sentence(&lines).as_deref(), expected, "{text}");
        }
    }
}
