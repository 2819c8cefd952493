//! The code blocks of documentation that rustdoc compiles as tests.

/// Every block of Rust in a text of Markdown, one after the other.
///
/// What may be a block counts as one: an indented paragraph of a list, too.
pub(super) fn code(markdown: &str) -> String {
    let mut code = String::new();
    let mut fence: Option<(String, bool)> = None;
    for line in markdown.lines() {
        let trimmed = line.trim_start();
        if let Some((end, is_rust)) = &fence {
            if trimmed.starts_with(end.as_str()) {
                fence = None;
            } else if *is_rust {
                push(trimmed, &mut code);
            }
            continue;
        }
        let sign = trimmed.chars().next();
        let sign = sign.filter(|sign| matches!(sign, '`' | '~'));
        let length = sign.map_or(0, |sign| {
            trimmed.len() - trimmed.trim_start_matches(sign).len()
        });
        if length >= 3 {
            let (marks, language) = trimmed.split_at(length);
            fence = Some((marks.to_owned(), is_rust(language)));
        } else if line.starts_with("    ") || line.starts_with('\t') {
            push(trimmed, &mut code);
        }
    }
    code
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
        assert_eq!(code(text), " use x;\na();\n# b\n#![d]\ne();\ng();\n");
    }
}
