//! Doc comments.
//!
//! What documents say may be any text. It reaches the generated code as Markdown where rustdoc takes it without a warning,
//! and word for word otherwise; characters that rustc does not take in a comment are left out.

use proc_macro2::TokenStream;
use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag};
use quote::quote;

use crate::model::Identifier;

/// Lines are wrapped before this column of their text.
const WIDTH: usize = 104;

/// What is said of fields and parameters that a document marks as deprecated.
pub(super) const DEPRECATED: &str = "HubSpot advises against it.";

/// A doc comment of paragraphs; empty ones are left out.
pub(crate) fn docs<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let lines = lines(paragraphs).into_iter().map(indented);
    lines.map(|line| quote!(#[doc = #line])).collect()
}

/// Paragraphs of our own after those of a document, which are Markdown that rustdoc takes.
pub(super) fn own_docs<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let lines = paragraphs.into_iter().flat_map(|paragraph| {
        let lines = paragraph.lines().map(|line| indented(line.to_owned()));
        std::iter::once(String::new()).chain(lines)
    });
    lines.map(|line| quote!(#[doc = #line])).collect()
}

/// The comment at the top of a file, whose lines begin with `comment`, and an empty line.
pub(crate) fn header(comment: &str, paragraphs: &[&str]) -> String {
    let lines = lines(paragraphs.iter().copied()).into_iter().map(indented);
    let header = lines.map(|line| format!("{comment}{line}"));
    header.collect::<Vec<_>>().join("\n") + "\n\n"
}

fn indented(line: String) -> String {
    if line.is_empty() {
        line
    } else {
        format!(" {line}")
    }
}

/// `#[doc(alias)]` for HubSpot's names, except the item's own.
pub(super) fn aliases<'a>(
    names: impl IntoIterator<Item = &'a str>,
    own: &Identifier,
) -> TokenStream {
    let is_name = |character: char| character.is_alphanumeric() || "_-.".contains(character);
    let usable =
        |name: &&str| *name != own.plain() && !name.is_empty() && name.chars().all(is_name);
    names
        .into_iter()
        .filter(usable)
        .map(|name| quote!(#[doc(alias = #name)]))
        .collect()
}

/// Text as code within a doc comment; as text where Markdown has no code for it.
pub(crate) fn code(text: &str) -> String {
    let text = cleaned(text).replace('\n', " ");
    if text.contains('`') || text.trim().is_empty() {
        format!("\"{}\"", literal(&text).join(" "))
    } else {
        format!("`{text}`")
    }
}

fn lines<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut lines = Vec::<String>::new();
    for paragraph in paragraphs {
        let paragraph = cleaned(paragraph);
        let paragraph = paragraph.trim();
        if paragraph.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let as_markdown = markdown(paragraph);
        if is_harmless(&as_markdown.join("\n")) {
            lines.extend(as_markdown);
        } else {
            lines.extend(literal(paragraph));
        }
    }
    lines
}

/// The text without what rustc does not take in a comment: carriage returns that end no line, characters that change the
/// direction of text, and control characters.
fn cleaned(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let clean = |character: char| match character {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => None,
        control if control.is_control() => None,
        other => Some(other),
    };
    text.chars().filter_map(clean).collect()
}

/// The lines of a Markdown text, wrapped. An example in a document is no Rust to be tested.
fn markdown(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            lines.push(if in_code { "```" } else { "```text" }.to_owned());
            in_code = !in_code;
        } else if in_code || line.trim_start().starts_with('|') {
            lines.push(line.trim_end().to_owned());
        } else {
            wrap(line, &mut lines);
        }
    }
    if in_code {
        lines.push("```".to_owned());
    }
    lines
}

/// What rustdoc takes besides `CommonMark`.
const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// Returns whether rustdoc takes a text without a warning, and tests nothing of it.
fn is_harmless(markdown: &str) -> bool {
    let mut links_to_items = false;
    let callback = |_: BrokenLink<'_>| {
        links_to_items = true;
        None
    };
    let parser = Parser::new_with_broken_link_callback(markdown, EXTENSIONS, Some(callback));
    if parser.reference_definitions().iter().next().is_some() {
        return false;
    }
    let mut text = String::new();
    let mut in_link = false;
    for event in parser {
        let is_harmless = match &event {
            Event::Start(Tag::CodeBlock(kind)) => {
                matches!(kind, CodeBlockKind::Fenced(language) if &**language == "text")
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                in_link = true;
                let leads_to_no_item = ["https://", "http://", "#"]
                    .iter()
                    .any(|root| dest_url.starts_with(root));
                leads_to_no_item && matches!(link_type, LinkType::Inline | LinkType::Autolink)
            }
            Event::End(pulldown_cmark::TagEnd::Link) => {
                in_link = false;
                true
            }
            Event::Text(part) if !in_link => {
                text.push_str(part);
                true
            }
            Event::Start(
                Tag::Image { .. }
                | Tag::HtmlBlock
                | Tag::FootnoteDefinition(_)
                | Tag::MetadataBlock(_),
            )
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_) => false,
            _ => {
                text.push(' ');
                true
            }
        };
        if !is_harmless {
            return false;
        }
    }
    !links_to_items && !text.contains("https://") && !text.contains("http://")
}

/// The words of a text, wrapped, none of which means anything to Markdown.
fn literal(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let words = line.split_whitespace().map(escaped);
        wrap(&words.collect::<Vec<_>>().join(" "), &mut lines);
    }
    lines
}

/// A word with a backslash before each character that may mean something to Markdown, at the start of a line too.
fn escaped(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    let number = word.trim_start_matches(|first: char| first.is_ascii_digit());
    for (index, character) in word.char_indices() {
        let anywhere = "\\`*_[]<>|~&$:!^".contains(character);
        let at_start = index == 0 && "#+-=".contains(character);
        let in_list = index + number.len() == word.len() && index > 0 && ".)".contains(character);
        if anywhere || at_start || in_list {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Breaks a line between words; what follows in an item of a list is indented.
fn wrap(line: &str, lines: &mut Vec<String>) {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let hang = if text.starts_with("- ") || text.starts_with("* ") {
        indent + 2
    } else {
        indent
    };
    let mut current = " ".repeat(indent);
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && current.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut current, " ".repeat(hang)));
            is_empty = true;
        }
        if !is_empty {
            current.push(' ');
        }
        current.push_str(word);
        is_empty = false;
    }
    lines.push(if is_empty { String::new() } else { current });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(paragraph: &str) -> String {
        lines([paragraph]).join("\n")
    }

    #[test]
    fn markdown_that_rustdoc_takes_stays() {
        for markdown in [
            "Some *words* and `code`, and [a page](https://example.com/a).",
            "- one\n- two, < and > as well",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
            "# A title\n\nIts text, 1. and #2.",
            "```text\nlet x = 1;\n```",
        ] {
            assert_eq!(text(markdown), markdown);
        }
    }

    #[test]
    fn what_rustdoc_would_test_or_warn_about_becomes_words() {
        for (markdown, words) in [
            ("a <id> of [Thing]", r"a \<id\> of \[Thing\]"),
            ("See https://example.com/a.", r"See https\://example.com/a."),
            ("One.\n\n    let x: u8 = 1;", "One.\n\nlet x\\: u8 \\= 1;"),
            ("[a]: https://example.com", r"\[a\]\: https\://example.com"),
            ("~~~\nlet x\n~~~", "\\~\\~\\~\nlet x\n\\~\\~\\~"),
            (
                "![i](https://e.com/i.png)",
                r"\!\[i\](https\://e.com/i.png)",
            ),
        ] {
            assert_eq!(text(markdown), words);
        }
        assert_eq!(text("```rust\nlet x"), "```text\nlet x\n```");
    }

    #[test]
    fn characters_that_rustc_does_not_take_are_left_out() {
        assert_eq!(
            text("a\rb\r\nc\u{202e}d\u{2066}e\0f\u{2028}g"),
            "a\nb\ncdef\ng"
        );
        assert_eq!(code("a\rb`c"), r#""a b\`c""#);
        assert_eq!(code("\u{202e}"), r#""""#);
    }
}
