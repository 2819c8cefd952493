//! Audits packages with code that one compilation leaves out: a scope that it may need is not called unused.
//!
//! The workspaces use a client of a few lines, which has the marks of the real one and needs no other crate.

use serde_json::Value;

use super::bad_input::CLIENT_MANIFEST;
use super::workspace::Workspace;

const CLIENT: &str = r#"
pub trait CrmObjectsCompaniesRead {}
pub struct Contacts;
impl Contacts {
    #[cfg_attr(feature = "scope-audit", deprecated(note = "hubspot-scopes: contacts.list \"crm.objects.contacts.read\""))]
    pub fn list(&self) {}
}
pub struct Client;
impl Client {
    pub fn contacts(&self) -> Contacts { Contacts }
}
"#;

pub(super) const CONTACTS: &str = "crm.objects.contacts.read";
pub(super) const COMPANIES: &str = "crm.objects.companies.read";

/// A source file that calls `contacts.list` and declares a scope for contacts, one for companies, and `forms`.
pub(super) fn declaring(more: &str) -> String {
    let mark = |note: &str| {
        format!(
            "const _: () = {{ #[deprecated(note = \"hubspot-scopes-{note}\")] const MARK: () = (); MARK }};\n"
        )
    };
    let entries = [CONTACTS, COMPANIES, "forms"];
    let entries = entries.map(|scope| mark(&format!("entry: AppScopes required {scope}")));
    let set = mark("set: AppScopes");
    let call = "pub fn call(client: &hubspot_generated::Client) { client.contacts().list() }";
    format!("{more}\n{set}{}{call}\n", entries.concat())
}

/// A call of `companies.list`, which the compiler never sees.
pub(super) const CALL: &str = "fn hidden() { client.companies().list(); }\n";

pub(super) fn manifest(name: &str, more: &str) -> String {
    let client = "[dependencies]\nhubspot-generated = { path = \"client\" }\n";
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{client}{more}")
}

/// What an audit says about a workspace.
pub(super) struct Said {
    pub(super) unused: Vec<String>,
    pub(super) undecided: Vec<String>,
    /// What the undecided scopes may be needed by, and the notes.
    pub(super) why: String,
    pub(super) verdict: Value,
}

/// Audits a package with these files besides the client.
pub(super) fn said(name: &str, files: &[(&str, &str)], arguments: &[&str]) -> Said {
    let workspace = workspace(name, files);
    of(&workspace.report(arguments))
}

pub(super) fn workspace(name: &str, files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new(&format!("left-out-{name}"), files);
    workspace.write(
        "client/Cargo.toml",
        &CLIENT_MANIFEST.replace("0.9.0", env!("CARGO_PKG_VERSION")),
    );
    workspace.write("client/src/lib.rs", CLIENT);
    workspace
}

pub(super) fn of(report: &Value) -> Said {
    let package = &report["packages"][0];
    let verdict = package["verdict"].clone();
    let scopes = |list: &str| {
        let scopes = verdict[list].as_array().into_iter().flatten();
        scopes
            .filter_map(|one| Some(one["scope"].as_str()?.to_owned()))
            .collect()
    };
    Said {
        unused: scopes("unused"),
        undecided: scopes("undecided"),
        why: format!("{} {}", verdict["undecided"], report["notes"]),
        verdict,
    }
}

/// Checks that the scope for companies is undecided, with this reason; `forms` is undecided, too, if anything may be called.
pub(super) fn check(name: &str, files: &[(&str, &str)], why: &str, may_call_anything: bool) {
    let said = said(name, files, &[]);
    let (unused, undecided) = if may_call_anything {
        (vec![], vec![COMPANIES, "forms"])
    } else {
        (vec!["forms"], vec![COMPANIES])
    };
    assert_eq!(said.undecided, undecided, "{name}: {}", said.verdict);
    assert_eq!(said.unused, unused, "{name}: {}", said.verdict);
    assert!(said.why.contains(why), "{name}: {}", said.why);
}

pub(super) const ALONE: &str = "[workspace]\nexclude = [\"client\"]\n";

#[test]
fn nothing_is_undecided_where_everything_was_compiled() {
    let source = declaring("");
    let manifest = manifest("app", ALONE);
    let said = said(
        "nothing",
        &[("Cargo.toml", &manifest), ("src/lib.rs", &source)],
        &[],
    );
    assert_eq!(said.unused, [COMPANIES, "forms"], "{}", said.verdict);
    assert_eq!(said.verdict["exact"], true);
}

#[test]
fn build_scripts_may_write_other_code_elsewhere() {
    let source = declaring("include!(concat!(env!(\"OUT_DIR\"), \"/written.rs\"));");
    let write = |condition: &str| {
        format!(
            "fn main() {{\n    let folder = std::env::var(\"OUT_DIR\").unwrap();\n    let text = {condition};\n    \
             std::fs::write(folder + \"/written.rs\", text).unwrap();\n}}\n"
        )
    };
    let by_platform = write(
        "if std::env::var(\"CARGO_CFG_WINDOWS\").is_ok() { \"fn hidden() { }\" } else { \"\" }",
    );
    let always = write("\"pub const NUMBER: u8 = 1;\"");
    let manifest = manifest("app", ALONE);
    let files = [("Cargo.toml", manifest.as_str()), ("src/lib.rs", &source)];
    let with = |script| [&files[..], &[("build.rs", script)]].concat();
    let why = "what the build script writes for other platforms and features";
    check("written-by-platform", &with(&by_platform), why, true);
    let elsewhere = manifest.replace(
        "[dependencies]",
        "build = \"scripts/write.rs\"\n[features]\nextra = []\n[dependencies]",
    );
    let script = write("helper::text()");
    let files_elsewhere = [
        ("Cargo.toml", elsewhere.as_str()),
        ("src/lib.rs", &source),
        ("scripts/write.rs", &format!("mod helper;\n{script}")),
        (
            "scripts/helper.rs",
            "pub fn text() -> &'static str {\n    match std::env::var_os(\"CARGO_FEATURE_EXTRA\") {\n        Some(_) => \"fn hidden() {}\",\n        None => \"\",\n    }\n}\n",
        ),
    ];
    check("written-by-feature", &files_elsewhere, why, true);
    let always = said("written-always", &with(&always), &[]);
    assert_eq!(always.unused, [COMPANIES, "forms"], "{}", always.verdict);
}

#[test]
fn documentation_in_other_files_is_tested() {
    let markdown = format!("# Title\n\n```no_run\n{CALL}```\n");
    let doc_comment = "#[macro_export] macro_rules! doctest { ($file:literal) => {}; }\n";
    let manifest = manifest(
        "app",
        &format!("doc_comment = {{ path = \"doc_comment\" }}\n{ALONE}"),
    );
    let manifest = manifest.replace("\"client\"]", "\"client\", \"doc_comment\"]");
    let package = "[package]\nname = \"doc_comment\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    for (name, use_of_it) in [
        ("doctest", "doc_comment::doctest!(\"../guide.md\");"),
        (
            "cfg-doctest",
            "#[cfg(doctest)] doc_comment::doctest!(\"../guide.md\");",
        ),
        (
            "include-str",
            "#[doc = include_str!(\"../guide.md\")] pub struct Guide;",
        ),
        (
            "concat",
            "#[doc = concat!(\"# Title\\n\", include_str!(\"../guide.md\"))] pub struct Guide;",
        ),
        (
            "manifest-dir",
            "#[cfg_attr(doctest, doc = include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/guide.md\")))] pub struct Guide;",
        ),
    ] {
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("src/lib.rs", &declaring(use_of_it)),
            ("guide.md", &markdown),
            ("doc_comment/Cargo.toml", package),
            ("doc_comment/src/lib.rs", doc_comment),
        ];
        check(
            &format!("documentation-{name}"),
            &files,
            "a documentation test",
            false,
        );
    }
}

#[test]
fn included_files_are_code_whatever_they_are_called() {
    let manifest = manifest("app", ALONE);
    for (name, conditional) in [
        ("cfg", format!("#[cfg(windows)] {CALL}")),
        (
            "derive",
            "#[derive(Clone)] struct A;".to_owned()
                + "\n/// ```\n/// client.companies().list()\n/// ```\nfn documented() {}",
        ),
    ] {
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("src/lib.rs", &declaring("include!(\"tables/first.inc\");")),
            ("src/tables/first.inc", "include!(\"second.txt\");\n"),
            ("src/tables/second.txt", &conditional),
        ];
        check(&format!("included-{name}"), &files, "second.txt", false);
    }
    let files = [
        ("Cargo.toml", manifest.as_str()),
        (
            "src/lib.rs",
            &declaring("#[cfg(windows)] include!(\"windows.inc\");"),
        ),
        ("src/windows.inc", CALL),
    ];
    check("included-elsewhere", &files, "`cfg(windows)`", true);
}

#[cfg(unix)]
#[test]
fn linked_folders_are_looked_at_once() {
    use std::os::unix::fs::symlink;

    let files = [
        ("Cargo.toml", manifest("app", ALONE)),
        (
            "src/lib.rs",
            declaring("pub mod linked;\n#[cfg(windows)] mod left;"),
        ),
        ("elsewhere/mod.rs", "pub fn f() {}\n".to_owned()),
        ("other/left/mod.rs", CALL.to_owned()),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let workspace = workspace("linked", &files);
    let at = |path: &str| workspace.folder().join(path);
    symlink(at("elsewhere"), at("src/linked")).expect("a link can be made");
    symlink(at("other/left"), at("src/left")).expect("a link can be made");
    symlink(at("src"), at("src/loop")).expect("a link can be made");
    let said = of(&workspace.report(&[]));
    assert_eq!(said.undecided, [COMPANIES], "{}", said.verdict);
    assert_eq!(said.unused, ["forms"], "{}", said.verdict);
}

#[test]
fn derives_with_standard_names_may_come_with_a_glob_import() {
    let derive = "use proc_macro::TokenStream;\n#[proc_macro_derive(Hash)]\npub fn hash(_: TokenStream) -> TokenStream { TokenStream::new() }\n\
                  #[proc_macro_derive(Serialize)]\npub fn serialize(_: TokenStream) -> TokenStream { TokenStream::new() }\n";
    let package = "[package]\nname = \"derives\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n";
    let plain = package
        .replace("derives", "plain")
        .replace("[lib]\nproc-macro = true\n", "");
    let manifest = manifest(
        "app",
        "derives = { path = \"derives\" }\nplain = { path = \"plain\" }\n[workspace]\nexclude = [\"client\", \"derives\", \"plain\"]\n",
    );
    let audit = |name: &str, source: &str| {
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("src/lib.rs", &declaring(source)),
            ("derives/Cargo.toml", package),
            ("derives/src/lib.rs", derive),
            ("plain/Cargo.toml", &plain),
            ("plain/src/lib.rs", "pub struct B;\n"),
        ];
        said(&format!("derives-{name}"), &files, &[])
    };
    // A glob import of a derive with a name of the prelude is an error of rustc.
    for (name, derive, import) in [
        ("named", "Hash", "use derives::Hash;"),
        ("renamed", "Hash", "use derives::Serialize as Hash;"),
        ("glob", "Serialize", "use derives::*;"),
        (
            "handed-on",
            "Serialize",
            "mod inner { pub use derives::*; }\nuse inner::*;",
        ),
        (
            "macro-use",
            "Serialize",
            "#[macro_use] extern crate derives;",
        ),
    ] {
        let said = audit(
            name,
            &format!("{import}\n#[derive({derive})] pub struct A;"),
        );
        assert_eq!(
            said.undecided,
            [COMPANIES, "forms"],
            "{name}: {}",
            said.verdict
        );
        let note = format!("`app`: calls that a derive writes are not seen: the derive `{derive}`");
        assert!(said.why.contains(&note), "{name}: {}", said.why);
    }
    let harmless = "use plain::*;\nuse std::fmt::*;\n#[derive(Hash, Debug)] pub struct A;";
    let said = audit("harmless", harmless);
    assert_eq!(said.unused, [COMPANIES, "forms"], "{}", said.verdict);
}
