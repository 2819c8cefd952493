//! The code blocks of documentation that rustdoc compiles as tests.

/// Every block of Rust in a text of Markdown.
///
/// What may be a block counts as one: an indented paragraph of a list, too.
pub(super) fn code(markdown: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    let mut fence: Option<(String, bool)> = None;
    for line in markdown.lines() {
        if let Some((end, is_rust)) = &fence {
            let trimmed = line.trim_start_matches(['>', ' ', '\t']);
            if trimmed.starts_with(end.as_str()) {
                fence = None;
                blocks.push(String::new());
            } else if *is_rust && let Some(code) = blocks.last_mut() {
                push(trimmed, code);
            }
            continue;
        }
        let trimmed = without_markers(line);
        let sign = trimmed.chars().next();
        let sign = sign.filter(|sign| matches!(sign, '`' | '~'));
        let length = sign.map_or(0, |sign| {
            trimmed.len() - trimmed.trim_start_matches(sign).len()
        });
        let (marks, language) = trimmed.split_at(length);
        let is_inline = sign == Some('`') && language.contains('`');
        if length >= 3 && !is_inline {
            fence = Some((marks.to_owned(), is_rust(language)));
            blocks.push(String::new());
        } else if line.starts_with("    ") || line.starts_with('\t') {
            if let Some(code) = blocks.last_mut() {
                push(line.trim_start(), code);
            }
        } else if !line.trim().is_empty() {
            blocks.push(String::new());
        }
    }
    blocks.retain(|code| !code.trim().is_empty());
    blocks
}

/// A line without the signs of the quotations and lists that it begins.
fn without_markers(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let number = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
        let text = rest.strip_prefix('>').or_else(|| {
            let item = rest.strip_prefix(['-', '*', '+']);
            let item = item.or_else(|| number.strip_prefix(['.', ')']));
            item.filter(|item| item.starts_with([' ', '\t']))
        });
        match text {
            Some(text) => rest = text.trim_start(),
            None => return rest,
        }
    }
}

/// Adds a line, without the sign that hides it from readers.
fn push(line: &str, code: &mut String) {
    let line = match line.strip_prefix('#') {
        Some("") => "",
        Some(rest) if rest.starts_with(['#', ' ']) => rest,
        _ => line,
    };
    code.push_str(line);
    code.push('\n');
}

/// Whether rustdoc takes a block with this after its fence for Rust.
fn is_rust(language: &str) -> bool {
    // What is in parentheses is a comment.
    let language = language.split('(').next().unwrap_or_default();
    let mut words = language
        .split(|sign: char| sign == ',' || sign == '{' || sign == '}' || sign.is_whitespace())
        .filter(|word| !word.is_empty())
        .peekable();
    let known = |word: &str| {
        matches!(
            word,
            "rust"
                | "should_panic"
                | "no_run"
                | "compile_fail"
                | "test_harness"
                | "standalone"
                | "standalone_crate"
        ) || word.starts_with("ignore")
            || word.starts_with("edition")
            || (word.len() == 5 && word.starts_with('E'))
    };
    let mut all = words.clone();
    words.peek().is_none() || words.any(|word| word == "rust") || all.all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_as_rustdoc_finds_them() {
        let text = " Text `a.b()`.\n\n ```\n # use x;\n a();\n ## b\n ```\n ```text\n c();\n ```\n ```rust,no_run\n #![d]\n ```\n ~~~ignore\n e();\n ~~~\n ```toml\n f = 1\n ```\n\n     g();\n";
        assert_eq!(
            code(text),
            [" use x;\na();\n# b\n", "#![d]\n", "e();\n", "g();\n"]
        );
    }

    #[test]
    fn blocks_in_quotations_and_lists_are_found() {
        for text in [
            "> ```no_run\n> a();\n> ```\n",
            "- ```\n  a();\n  ```\n",
            "1. > ~~~\n   > a();\n   > ~~~\n",
            "```no_run (needs a network)\na();\n```\n",
            "```x``` is no block\n\n```\na();\n```\n",
        ] {
            assert_eq!(code(text), ["a();\n"], "{text}");
        }
    }

    #[test]
    fn a_block_does_not_spoil_another() {
        let text = "- a list (with\n\n    more: see below)\n\n```\na();\n```\n";
        assert_eq!(code(text), ["more: see below)\n", "a();\n"]);
    }
}
