//! Finds the code blocks of documentation that rustdoc compiles as tests.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The Rust code of each block in a Markdown text.
pub(super) fn code(markdown: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut is_open = false;
    let text = unindented(markdown);
    for event in Parser::new(&text) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                is_open = match kind {
                    CodeBlockKind::Indented => true,
                    CodeBlockKind::Fenced(language) => is_rust(&language),
                };
                blocks.push(String::new());
            }
            Event::Text(text) if is_open => {
                if let Some(block) = blocks.last_mut() {
                    block.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => is_open = false,
            _ => {}
        }
    }
    blocks.retain(|code| !code.trim().is_empty());
    blocks.iter().map(|block| without_hiding(block)).collect()
}

/// The text without the indentation that all lines share, and without the stars of a block comment.
fn unindented(markdown: &str) -> String {
    let mut lines: Vec<&str> = markdown.lines().collect();
    let is_starred = |line: &&str| line.trim_start().starts_with('*');
    let rest = || lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    if rest().next().is_some() && rest().all(is_starred) {
        lines = lines
            .iter()
            .map(|line| line.trim_start())
            .map(|line| line.strip_prefix('*').unwrap_or(line))
            .collect();
    }
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let written = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = written.map(indent).min().unwrap_or_default();
    let lines = lines
        .iter()
        .map(|line| line.get(shared..).unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The code without the signs that hide lines from readers.
fn without_hiding(block: &str) -> String {
    let lines = block
        .lines()
        .map(|line| match line.trim_start().strip_prefix('#') {
            Some("") => "\n".to_owned(),
            Some(rest) if rest.starts_with(['#', ' ']) => format!("{rest}\n"),
            _ => format!("{line}\n"),
        });
    lines.collect()
}

/// Returns whether rustdoc compiles a block with this after its fence.
fn is_rust(language: &str) -> bool {
    // Parentheses hold a comment.
    let language = language.split('(').next().unwrap_or_default();
    let words = || {
        let words = language.split([',', '{', '}', ' ', '\t']);
        words.filter(|word| !word.is_empty())
    };
    let is_known = |word: &str| {
        let exact = [
            "should_panic",
            "no_run",
            "compile_fail",
            "test_harness",
            "standalone",
            "standalone_crate",
        ];
        exact.contains(&word)
            || word.starts_with("ignore")
            || word.starts_with("edition")
            || (word.len() == 5 && word.starts_with('E'))
    };
    words().any(|word| word == "rust") || words().all(is_known)
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
        let list = "- a list (with\n\n    more: see below)\n\n```\na();\n```\n";
        assert_eq!(code(list), ["a();\n"]);
    }

    #[test]
    fn blocks_in_quotations_lists_and_block_comments_are_found() {
        for text in [
            "> ```no_run\n> a();\n> ```\n",
            "- ```\n  a();\n  ```\n",
            "1. > ~~~\n   > a();\n   > ~~~\n",
            "```no_run (needs a network)\na();\n```\n",
            "```x``` is no block\n\n```\na();\n```\n",
            "\n     * Text\n     *\n     * ```\n     * a();\n     * ```\n     ",
            "\n        Text\n\n        ```\n        a();\n        ```\n",
        ] {
            assert_eq!(code(text), ["a();\n"], "{text}");
        }
    }
}
