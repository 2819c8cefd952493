//! Which code is suspected to call HubSpot.

use super::*;

/// The suspects in a file that was compiled on Linux with the feature `on`, with a mark at each `marked`.
fn suspects(source: &str) -> Vec<(usize, String, String)> {
    let values: Values = ["unix", "debug_assertions", "feature=\"on\""]
        .map(str::to_owned)
        .into();
    let mut marks = BTreeSet::new();
    for (line, text) in source.lines().enumerate() {
        marks.extend(
            text.match_indices("marked")
                .map(|(column, _)| (line + 1, column + 1)),
        );
    }
    let mut own = Definitions::default();
    let tokens: TokenStream = source.parse().unwrap();
    own.add(tokens.clone());
    let read_files = BTreeSet::from(["read.inc".to_owned()]);
    let mut walk = Walk::new(FileContext {
        marks: &marks,
        own_macros: &own.macros,
        read_files: &read_files,
        has_doc_tests: true,
        is_outside: false,
    });
    walk.tokens(tokens, &[&values], &Seen::Yes);
    let shown = |callee: Callee| match callee {
        Callee::Method(name) => name,
        Callee::Anything => "*".to_owned(),
    };
    let suspects = walk.suspects.into_iter();
    suspects
        .map(|suspect| (suspect.line, suspect.within, shown(suspect.callee)))
        .collect()
}

fn found(source: &str) -> Vec<String> {
    suspects(source)
        .into_iter()
        .map(|(.., callee)| callee)
        .collect()
}

const NONE: [&str; 0] = [];

#[test]
fn compiled_code_is_no_suspect() {
    for source in [
        "fn f() { a.list(); B::get(); }",
        "#[cfg(unix)] fn f() { a.list(); }",
        "#[cfg(all(unix, feature = \"on\"))] mod a { fn f() { a.list() } }",
        "fn f() { if cfg!(windows) { a.list(); } }",
        "fn f() { println!(\"{}\", a.list()); assert_eq!(a.get(), 1); }",
        "#[cfg(windows)] fn f() { list(); a.list; }",
        "#[tokio::main] async fn main() { a.list(); }",
        "#[derive(Debug)] #[serde(default = \"a\")] struct A;",
        "cfg_if! { if #[cfg(unix)] { include!(\"src/read.inc\"); } }",
    ] {
        assert_eq!(found(source), NONE, "{source}");
    }
}

#[test]
fn code_that_was_not_compiled_is_one() {
    for source in [
        "#[cfg(windows)] fn f() { a.list(); }",
        "#![cfg(windows)] fn f() { a.list(); }",
        "#[cfg(not(debug_assertions))] fn f() { a.list(); }",
        "#[cfg(feature = \"off\")] mod a { fn f() { a.list() } }",
        "#[cfg(windows)] impl A<{ B }> { fn f() { Self::list() } }",
        "fn f() { #[cfg(windows)] { a.list(); } }",
        "fn f() { #[cfg(windows)] a.list(); }",
        "fn f() { match a { #[cfg(windows)] A => a.list(), _ => {} } }",
        "fn f() { g(#[cfg(windows)] a.list()) }",
        "#[cfg(unix)] mod a { #[cfg(custom)] fn f() { a.list::<u8>(); } }",
        "cfg_if! { if #[cfg(unix)] {} else { fn f() { a.list() } } }",
        "std::cfg_select! { windows => { fn f() { a.list() } } _ => {} }",
        "fn f() { dropped! { a.list() } }",
        "#[dropped] fn f() { a.list() }",
        "macro_rules! a { () => { #[cfg(unix)] fn f() { a.list() } } }",
        "/// ```\n/// a.list()\n/// ```\nfn f() {}",
        "//! ```no_run\n//! # a.list()\n//! ```\n",
        "#[doc = \"```\\na.list()\\n```\"] fn f() {}",
    ] {
        assert_eq!(found(source), ["list"], "{source}");
    }
}

#[test]
fn what_nobody_can_know_may_be_anything() {
    for source in [
        "#[cfg(windows)] fn f() { fetch!(a) }",
        "#[cfg(windows)] fn f() { a.request(b) }",
        "#[cfg(windows)] #[generate] struct A;",
        "macro_rules! only { ($i:item) => { #[cfg(windows)] $i } }",
        "macro_rules! fetch { () => {} } dropped! { fetch!() }",
        "macro_rules! vec { () => {} } #[cfg(windows)] fn f() { vec!() }",
        "#[cfg_attr(windows, path = \"../windows.rs\")] mod a;",
        "#[cfg(windows)] #[path = \"/windows.rs\"] mod a;",
        "#[cfg(windows)] include!(\"a.rs\");",
        "cfg_if! { if #[cfg(unix)] {} else { include!(\"a.inc\"); } }",
    ] {
        assert_eq!(found(source), ["*"], "{source}");
    }
}

#[test]
fn a_mark_tells_that_it_was_compiled() {
    assert_eq!(found("select! { a = b.marked() => {} }"), NONE);
    assert_eq!(
        found("#[instrumented] fn f() { b.marked(); b.list() }"),
        ["list"]
    );
    assert_eq!(
        found("cfg_if! { if #[cfg(unix)] { fn f() { b.marked() } } }"),
        NONE
    );
}

#[test]
fn the_code_around_is_named() {
    let source = "\n#[cfg(all(windows, not(test)))]\nfn f() { a.list() }";
    assert_eq!(
        suspects(source),
        [(
            3,
            "`cfg(all(windows, not(test)))`".to_owned(),
            "list".to_owned()
        )]
    );
}

#[test]
fn files_that_are_not_looked_at_may_call_anything() {
    for file in ["win.inc", "../win.rs", "/a/win.rs", "a/.win/b.rs"] {
        let source = format!("#[cfg(windows)] #[path = \"{file}\"] mod win;");
        assert_eq!(found(&source), ["*"], "{file}");
    }
    for file in ["win.rs", "./a/win.rs"] {
        let source = format!("#[cfg(windows)] #[path = \"{file}\"] mod win;");
        assert_eq!(found(&source), NONE, "{file}");
    }
}
