//! Writes YAML in the layout of our documents: block style, two spaces, an empty line between operations and schemas.

use std::fmt::Write as _;

use serde_json::Value;

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Fields in the order in which they are written.
    Map(Vec<(String, Node)>),
    /// The same, with an empty line between the fields.
    Spaced(Vec<(String, Node)>),
    List(Vec<Node>),
    /// A list of names on one line.
    Names(Vec<String>),
    Value(Value),
    /// A node that is used again.
    Anchor(String, Box<Node>),
    /// The use of such a node.
    Alias(String),
}

/// A field of a map.
pub(super) fn field(name: &str, node: Node) -> (String, Node) {
    (name.to_owned(), node)
}

impl Node {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Value(Value::String(text.into()))
    }

    /// A map with one field.
    pub(super) fn single(key: &str, value: Self) -> Self {
        Self::Map(vec![(key.to_owned(), value)])
    }

    pub(super) fn reference(to: String) -> Self {
        Self::single("$ref", Self::text(to))
    }

    /// The text of a node at the top of a file.
    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        self.block(0, &mut text);
        text
    }

    fn block(&self, indent: usize, text: &mut String) {
        let pad = " ".repeat(indent);
        match self {
            Self::Map(fields) | Self::Spaced(fields) => {
                for (index, (key, value)) in fields.iter().enumerate() {
                    if index > 0 && matches!(self, Self::Spaced(_)) {
                        text.push('\n');
                    }
                    let _ = write!(text, "{pad}{}:", scalar(key));
                    value.after_key(indent + 2, text);
                }
            }
            Self::List(items) => {
                for item in items {
                    let mut block = String::new();
                    item.block(indent + 2, &mut block);
                    let _ = write!(text, "{pad}- {}", block.trim_start());
                }
            }
            Self::Value(_) | Self::Names(_) | Self::Anchor(..) | Self::Alias(_) => {
                let mut line = String::new();
                self.after_key(indent, &mut line);
                let _ = write!(text, "{pad}{}", line.trim_start());
            }
        }
    }

    /// What follows a colon, up to the end of the line or of the block.
    fn after_key(&self, indent: usize, text: &mut String) {
        let line = match self {
            Self::Map(fields) | Self::Spaced(fields) if fields.is_empty() => "{}".to_owned(),
            Self::List(items) if items.is_empty() => "[]".to_owned(),
            Self::Map(_) | Self::Spaced(_) | Self::List(_) => {
                text.push('\n');
                self.block(indent, text);
                return;
            }
            Self::Anchor(name, node) => {
                let _ = write!(text, " &{name}");
                node.after_key(indent, text);
                return;
            }
            Self::Alias(name) => format!("*{name}"),
            Self::Names(names) => {
                // On one line these would end a name.
                let names = names.iter().map(|name| {
                    if name.contains([',', '{', '}']) {
                        Value::String(name.clone()).to_string()
                    } else {
                        scalar(name)
                    }
                });
                format!("[{}]", names.collect::<Vec<_>>().join(", "))
            }
            Self::Value(Value::String(value)) => scalar(value),
            Self::Value(value) => value.to_string(),
        };
        let _ = writeln!(text, " {line}");
    }
}

/// Text as YAML: without quotes where it cannot be taken for anything else.
fn scalar(text: &str) -> String {
    const TAKEN: [&str; 10] = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan",
    ];
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        || text == "$ref";
    let is_plain = begins
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str())
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && text.chars().all(|character| {
            character.is_ascii_alphanumeric() || " _-./$,;'()`{}:=<>".contains(character)
        });
    if is_plain {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::load::parse;

    #[test]
    fn what_is_written_is_read_again() {
        let texts = [
            "plain", "NO", "1", "", "a: b", "#x", "- x", "é", "a\nb", "*/*", "a,b", "{x}", "[x]",
            "x #y", "~", "'q'", "TODO", "2026-09", "1e3", "a\\b", "@x", "/a/{b}",
        ];
        let list = Node::List(texts.map(Node::text).to_vec());
        let names = Node::Names(texts.map(str::to_owned).to_vec());
        let keys = texts.map(|text| (text.to_owned(), Node::Value(json!(null))));
        let node = Node::Map(vec![
            (
                "list".to_owned(),
                Node::Anchor("same".to_owned(), Box::new(list)),
            ),
            ("again".to_owned(), Node::Alias("same".to_owned())),
            ("names".to_owned(), names),
            ("keys".to_owned(), Node::Spaced(keys.to_vec())),
            ("empty".to_owned(), Node::Map(Vec::new())),
            (
                "deep".to_owned(),
                Node::List(vec![Node::Map(vec![
                    ("a".to_owned(), Node::Value(json!(1.5))),
                    ("b".to_owned(), Node::List(vec![Node::Value(json!(false))])),
                ])]),
            ),
        ]);
        let value = parse("a.yaml", node.write().as_bytes())
            .unwrap_or_else(|error| panic!("{error}\n{}", node.write()));
        assert_eq!(value["list"], json!(texts));
        assert_eq!(value["again"], json!(texts));
        assert_eq!(value["names"], json!(texts));
        assert_eq!(value["keys"].as_object().unwrap().len(), texts.len());
        assert_eq!(value["empty"], json!({}));
        assert_eq!(value["deep"], json!([{ "a": 1.5, "b": [false] }]));
    }
}
