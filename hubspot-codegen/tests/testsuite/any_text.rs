//! Whatever text a document has, wherever it has it: the code that is made of it compiles and is documented without a
//! warning, and nothing of it is tested as an example.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use hubspot_codegen::config::Config;
use hubspot_codegen::error::Problem;
use hubspot_codegen::generate;
use hubspot_codegen::load::Origin;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

/// Parts of texts that mean something to Rust, to rustdoc or to those who format code.
const PARTS: [&str; 40] = [
    "\r",
    "\r\n",
    "\n",
    "\n\n",
    "\t",
    "\0",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{feff}",
    "*/",
    "/*",
    "/",
    "//",
    "///",
    "//!",
    "\n    let x = 1;\n",
    "\n```\n",
    "```rust\n",
    "~~~\n",
    "`",
    "``",
    "[Thing]",
    "[`Thing`]",
    "[a]: b\n",
    "[^1]",
    "[x](y)",
    "<id>",
    "</div>",
    "<!--",
    "https://example.com/a?b=c",
    "\n- ",
    "\n1. ",
    "\n# ",
    "\\",
    "\"",
    "{}",
];

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => select(PARTS.as_slice()).prop_map(str::to_owned),
        2 => "[a-z]{1,7} ",
        2 => any::<char>().prop_map(String::from),
        1 => any::<String>(),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// A document that has these texts, one in each place from which text reaches the code.
fn document(texts: &[String]) -> serde_json::Value {
    let is_syntax =
        |letter: char| "/{}?#\\".contains(letter) || letter.is_whitespace() || letter.is_control();
    let segment = texts[0].replace(is_syntax, "");
    let path = format!("/things/v1/a{segment}/batch");
    json!({
        "openapi": "3.0.1",
        "info": { "title": texts[1], "version": "v1", "description": texts[2] },
        "security": [{ "oauth2": [] }],
        "paths": { path: { "get": {
            "operationId": format!("get-/things_{}", texts[3]),
            "summary": texts[4],
            "description": texts[5],
            "parameters": [
                { "name": texts[6], "in": "query", "description": texts[7], "schema": { "type": "string", "default": texts[8] } },
                { "name": format!("needed {}", texts[6]), "in": "query", "required": true, "schema": { "type": "string" } },
            ],
            "responses": { "200": { "description": texts[9], "content": { "application/json": { "schema": {
                "$ref": format!("#/components/schemas/{}", texts[10].replace('~', "~0").replace('/', "~1")),
            } } } } },
        } } },
        "components": { "schemas": { &texts[10]: {
            "type": "object",
            "description": texts[11],
            "properties": {
                &texts[12]: { "type": "string", "description": texts[13] },
                format!("other {}", texts[12]): { "type": "string" },
                "kind": { "type": "string", "description": texts[14], "enum": [texts[15], format!("other {}", texts[15])] },
            },
        } } },
    })
}

const TEXTS: usize = 16;

/// The code of a document with these texts; none if two of them are one name.
fn generated(texts: &[String]) -> Vec<String> {
    let bytes = document(texts).to_string().into_bytes();
    let config = Config::ad_hoc("things", "v1", "a.json");
    let generated = generate(&config, Origin::Own, &[], &|_| Ok(bytes.clone()));
    match generated {
        Ok(files) => files.into_values().collect(),
        Err(errors) => {
            for error in errors.as_slice() {
                let expected = matches!(*error.problem, Problem::SameMember { .. });
                assert!(expected, "{error}\n{texts:?}");
            }
            Vec::new()
        }
    }
}

/// The doc comments of a file, with the aliases that follow them.
fn doc_comments(code: &str, found: &mut BTreeSet<String>) {
    let mut block = String::new();
    for line in code.lines().chain([""]).map(str::trim_start) {
        if let Some(inner) = line.strip_prefix("//!") {
            let _ = writeln!(block, "///{inner}");
        } else if line.starts_with("///") || line.starts_with("#[doc") {
            let _ = writeln!(block, "{line}");
        } else if !block.is_empty() {
            found.insert(std::mem::take(&mut block));
        }
    }
}

/// The literals of a file.
fn literals(tokens: proc_macro2::TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => literals(group.stream(), found),
            proc_macro2::TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.starts_with('"') {
                    found.insert(text);
                }
            }
            _ => {}
        }
    }
}

/// Runs a tool of Rust on a file, and returns what it says.
fn run(tool: &str, file: &Path, arguments: &[&str]) -> String {
    let program = env::var_os(tool.to_uppercase()).unwrap_or_else(|| tool.into());
    let output = Command::new(program)
        .current_dir(file.parent().unwrap())
        .args(["--edition=2024", "--crate-type=lib", "-Dwarnings"])
        .args(arguments)
        .arg(file)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{tool}: {said}");
    said
}

#[test]
fn code_of_any_text_compiles_and_is_documented_without_a_warning() {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(text(), TEXTS);
    let (mut comments, mut strings, mut documents) = (BTreeSet::new(), BTreeSet::new(), 0);
    for _ in 0..200 {
        let texts = strategy.new_tree(&mut runner).unwrap().current();
        let files = generated(&texts);
        documents += usize::from(!files.is_empty());
        for code in files {
            let tokens = syn::parse_file(&code).map(quote::ToTokens::into_token_stream);
            literals(
                tokens.unwrap_or_else(|error| panic!("{error}\n{code}")),
                &mut strings,
            );
            doc_comments(&code, &mut comments);
        }
    }
    assert!(documents > 150, "{documents} documents have code");
    let mut code = "//! All of it.\n\n/// For links.\npub struct Request;\n".to_owned();
    for (number, comment) in comments.iter().enumerate() {
        let _ = writeln!(code, "{comment}pub struct D{number};");
    }
    for (number, literal) in strings.iter().enumerate() {
        let _ = writeln!(code, "/// A text.\npub const L{number}: &str = {literal};");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("any_text");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("any_text.rs");
    fs::write(&file, code).unwrap();
    run("rustc", &file, &["--emit=metadata"]);
    run("rustdoc", &file, &["--out-dir=doc"]);
    let tests = run("rustdoc", &file, &["--test"]);
    assert!(tests.contains("running 0 tests"), "{tests}");
}
