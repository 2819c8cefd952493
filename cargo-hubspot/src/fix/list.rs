//! Rewrites a list of strings in JSON or in a `scope_set!`, keeping its order, spaces and comments.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow, ensure};
use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstRootNode, CstStringLit};

/// The list `text`, from bracket to bracket, without `remove` and with `add` at its end.
///
/// Comments and commas in Rust are those of JSON with comments.
pub(crate) fn rewrite(text: &str, remove: &BTreeSet<&str>, add: &[&str]) -> Result<String> {
    let before = names(&parse(text)?.1)?;
    let mut expected: Vec<_> = before.iter().map(|(name, _)| name.as_str()).collect();
    expected.retain(|name| !remove.contains(name));
    let (root, list) = parse(text)?;
    for (name, literal) in names(&list)? {
        if remove.contains(name.as_str()) && !is_beside_comment(text, &literal.to_string()) {
            literal.remove();
        }
    }
    for name in add {
        if !expected.contains(name) {
            expected.push(name);
            list.append(CstInputValue::from(*name));
        }
    }
    let mut after = root.to_string();
    for (name, literal) in names(&list)? {
        if remove.contains(name.as_str()) {
            cut(&mut after, &literal.to_string());
        }
    }
    let after = tight(text, &after);
    let names = names(&parse(&after)?.1)?;
    let names: Vec<_> = names.iter().map(|(name, _)| name.as_str()).collect();
    // Never lose a scope, and never keep one too many.
    ensure!(
        names == expected,
        "the list would become {names:?}, and not {expected:?}"
    );
    Ok(after)
}

/// The list, and what owns it.
fn parse(text: &str) -> Result<(CstRootNode, CstArray)> {
    let root = CstRootNode::parse(text, &ParseOptions::default())
        .map_err(|error| anyhow!("`{text}` is not a list of plain strings: {error}"))?;
    let list = root
        .array_value()
        .ok_or_else(|| anyhow!("`{text}` is not a list"))?;
    Ok((root, list))
}

/// Each name with its literal.
fn names(list: &CstArray) -> Result<Vec<(String, CstStringLit)>> {
    let elements = list.elements().into_iter();
    let name = |element: CstNode| {
        let literal = element
            .as_string_lit()
            .ok_or_else(|| anyhow!("`{element}` is no plain string"))?;
        let name = literal.decoded_value();
        let name = name.map_err(|error| anyhow!("`{element}` is no plain string: {error:?}"))?;
        Ok((name, literal))
    };
    elements.map(name).collect()
}

/// Returns whether there is a comment in the line of a literal. It would be removed with the literal.
fn is_beside_comment(text: &str, literal: &str) -> bool {
    let start = outside_comments(text, literal);
    let Some((before, after)) = start.and_then(|start| text.split_at_checked(start)) else {
        return false;
    };
    let line = [before.rsplit('\n').next(), after.split('\n').next()];
    let mut line = line.into_iter().flatten();
    line.any(|part| part.contains("//") || part.contains("/*"))
}

/// The range of the lines that only have a literal and the comment after it; `None` if it shares its line.
fn own_lines(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let line = text.get(..start)?.rfind('\n')? + 1;
    if !text.get(line..start)?.trim().is_empty() {
        return None;
    }
    let mut at = end;
    let mut comment = None;
    loop {
        let rest = text.get(at..)?;
        at += rest.len() - rest.trim_start_matches([' ', '\t', ',']).len();
        let rest = text.get(at..)?;
        if rest.starts_with("/*") {
            comment.get_or_insert(at);
            at += rest.find("*/")? + 2;
        } else if rest.starts_with("//") {
            comment.get_or_insert(at);
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with('\n') {
            at += 1;
            break;
        } else {
            at += rest.strip_prefix("\r\n").map(|_| 2)?;
            break;
        }
    }
    // A comment continues in the lines below that start in the same column.
    let column =
        comment.map(|comment| comment - text[..comment].rfind('\n').map_or(0, |end| end + 1));
    while let (Some(column), Some(next)) = (column, text.get(at..)?.split_inclusive('\n').next()) {
        let goes_on = next.trim_start().starts_with("//") && next.find("//") == Some(column);
        if !goes_on {
            break;
        }
        at += next.len();
    }
    Some((line, at))
}

/// Removes a literal and the comma after it, and its comment if nothing else is in its line.
fn cut(text: &mut String, literal: &str) {
    let Some(mut start) = outside_comments(text, literal) else {
        return;
    };
    let mut end = start + literal.len();
    if let Some((first, last)) = own_lines(text, start, end) {
        text.replace_range(first..last, "");
        return;
    }
    let rest = text.get(end..).unwrap_or_default();
    if let Some(comma) = outside_comments(rest, ",") {
        let between = rest.get(..comma).unwrap_or_default();
        if between.trim().is_empty() {
            end += comma + 1;
        } else {
            text.remove(end + comma);
        }
    }
    let rest = text.get(end..).unwrap_or_default();
    end += rest.len() - rest.trim_start_matches(' ').len();
    let is_line_end = text
        .get(end..)
        .is_some_and(|rest| rest.starts_with(['\r', '\n']));
    if is_line_end && let Some(line) = text.get(..start) {
        start = line.trim_end_matches(' ').len();
    }
    text.replace_range(start..end, "");
}

/// Where `part` is first, not counting comments.
fn outside_comments(text: &str, part: &str) -> Option<usize> {
    let mut offset = 0;
    while let Some(rest) = text.get(offset..).filter(|rest| !rest.is_empty()) {
        let comment = if rest.starts_with("//") {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            Some(rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else {
            None
        };
        if comment.is_none() && rest.starts_with(part) {
            return Some(offset);
        }
        offset += comment.unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
    }
    None
}

/// `after` without a space after the bracket that a list in one line did not have before.
fn tight(before: &str, after: &str) -> String {
    let had = before.get(1..).is_some_and(|rest| rest.starts_with(' '));
    match after.strip_prefix("[ ") {
        Some(rest) if !had => format!("[{}", rest.trim_start_matches(' ')),
        _ => after.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str, remove: &[&str], add: &[&str]) -> String {
        let remove = remove.iter().copied().collect();
        rewrite(text, &remove, add).unwrap()
    }

    #[test]
    fn lists_keep_their_form() {
        let list = r#"["a", "b", "c"]"#;
        let lines = "[\n    \"a\",\n    \"b\",\n    \"c\"\n]";
        for (list, remove, add, expected) in [
            (list, &["a"][..], &[][..], r#"["b", "c"]"#),
            (list, &["b"], &[], r#"["a", "c"]"#),
            (list, &["c"], &["d"], r#"["a", "b", "d"]"#),
            (list, &["a", "b", "c"], &[], "[]"),
            ("[]", &[], &["d"], r#"["d"]"#),
            (r#"[ "a", "b" ]"#, &["a"], &[], r#"[ "b" ]"#),
            (lines, &["b"], &[], "[\n    \"a\",\n    \"c\"\n]"),
            (lines, &["c"], &[], "[\n    \"a\",\n    \"b\"\n]"),
            (
                lines,
                &["a"],
                &["d"],
                "[\n    \"b\",\n    \"c\",\n    \"d\"\n]",
            ),
        ] {
            assert_eq!(rewritten(list, remove, add), expected, "{list}");
        }
    }

    #[test]
    fn a_comment_goes_with_its_scope() {
        for (list, expected) in [
            ("[\n    \"a\", // why a\n    \"b\",\n]", "[\n    \"b\",\n]"),
            ("[\n    \"b\",\n    \"a\" // why a\n]", "[\n    \"b\",\n]"),
            (
                "[\r\n    \"a\" /* why a */,\r\n    \"b\",\r\n]",
                "[\r\n    \"b\",\r\n]",
            ),
            (
                "[\n    \"a\", // why a,\n         // and more\n    // why b\n    \"b\",\n]",
                "[\n    // why b\n    \"b\",\n]",
            ),
            (
                "[\n    \"a\", /* why\n    a */\n    \"b\",\n]",
                "[\n    \"b\",\n]",
            ),
        ] {
            assert_eq!(rewritten(list, &["a"], &[]), expected, "{list}");
        }
    }

    #[test]
    fn other_comments_stay() {
        let list = "[\n    // \"a\", for people\n    \"a\",\n    \"b\", // why b\n    /* c */ \"c\",\n    \"d\" /* d */,\n]";
        assert_eq!(
            rewritten(list, &["a"], &[]),
            "[\n    // \"a\", for people\n    \"b\", // why b\n    /* c */ \"c\",\n    \"d\" /* d */,\n]"
        );
        let all = rewritten(list, &["a", "b", "c", "d"], &[]);
        for comment in ["// \"a\", for people", "/* c */"] {
            assert!(all.contains(comment), "{all}");
        }
        let shared = "[\n    \"a\", \"b\", // why both\n    \"c\", /* why d */ \"d\",\n]";
        assert_eq!(
            rewritten(shared, &["b", "c"], &[]),
            "[\n    \"a\", // why both\n    /* why d */ \"d\",\n]"
        );
    }

    #[test]
    fn what_is_no_list_of_plain_strings_is_refused() {
        for text in ["[r\"a\"]", "[1]", "{}", "[\"a\" \"b\"", "[concat!(\"a\")]"] {
            assert!(
                rewrite(text, &BTreeSet::from(["a"]), &[]).is_err(),
                "{text}"
            );
        }
    }
}
