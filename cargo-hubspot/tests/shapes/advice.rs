//! Applies the advice with `--fix`: the result compiles and has the scopes that are needed.

use std::path::Path;
use std::process::Command;

use crate::workspace::{Workspace, texts};

const DOUBTFUL: &str = r#"use hubspot_generated::{Client, Method, hubspot_scopes, scopes::grants};
hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.deals.read",
            "crm.objects.companies.read",
            "crm.objects.line_items.read",
            "crm.objects.line_items.write",
            "crm.objects.quotes.read",
        ],
    }
}
macro_rules! with_bound {
    ($bound:path) => {
        pub fn given<S: $bound>(client: &Client<S>) {
            drop(client);
        }
    };
}
with_bound!(grants::CrmObjectsQuotesRead);
#[hubspot_scopes("crm.objects.contacts.read")]
pub fn asks_for_more<S>(client: &Client<S>) {
    drop(client.contacts().list());
    drop(client.request(Method::Get, "/crm/objects/2026-09/companies"));
}
fn bounded<S: grants::CrmObjectsLineItemsRead>(client: &Client<S>) {
    drop(client.line_items().list());
}
#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.line_items.read")]
pub fn calls_one_with_bounds<S>(client: &Client<S>) {
    drop(client.contacts().list());
    bounded(client);
}
#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.deals.read")]
pub fn wide<S>(client: &Client<S>) {
    drop(client.contacts().list());
}
#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.line_items.write")]
pub fn here_and_there<S>(client: &Client<S>) {
    drop(client.contacts().list());
    #[cfg(windows)]
    drop(client.line_items().archive("1"));
}
#[cfg(windows)]
pub fn there(client: &Client<AppScopes>) {
    wide(client);
}
"#;

/// Fixes a copy of a shape; returns the output of the audit, and the scopes that are left in the source.
fn fixed(shape: &str, files: &[(&str, &str)]) -> (String, Vec<String>, Workspace) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/shapes")
        .join(shape);
    let workspace = Workspace::copied(&format!("fixed/{shape}"), &folder);
    // The copies share a target folder, so each package has a name of its own.
    let manifest =
        std::fs::read_to_string(folder.join("Cargo.toml")).expect("the shape has a manifest");
    workspace.write(
        "Cargo.toml",
        &manifest.replace(&format!("\"{shape}\""), &format!("\"fixed-{shape}\"")),
    );
    for (path, text) in files {
        workspace.write(path, text);
    }
    let mut git = Command::new("git");
    git.args(["init", "--quiet"])
        .current_dir(workspace.folder());
    assert!(git.status().expect("git is there").success());
    let output = workspace
        .audit(&["--fix", "--allow-dirty"])
        .output()
        .expect("the audit can be run");
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    let source = std::fs::read_to_string(workspace.folder().join("src/lib.rs"))
        .expect("the source is there");
    let (_, list) = source.split_once("required: [").expect("a scope set");
    let (list, _) = list.split_once(']').expect("a list");
    let lines = list
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next());
    let left = lines.map(str::to_owned).collect();
    (stdout + &stderr, left, workspace)
}

/// Audits the result, which has no findings about scopes any more.
fn compiles(workspace: &Workspace) {
    let output = workspace
        .audit(&["--deny", "unused,replaceable,missing,wide"])
        .output()
        .expect("the audit can be run");
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success(), "{stdout}\n{stderr}");
}

#[test]
fn what_a_request_states_stays() {
    let (said, left, workspace) = fixed("raw_requests", &[]);
    let expected = [
        "crm.objects.owners.read",
        "crm.objects.deals.read",
        "crm.objects.deals.write",
        "crm.objects.products.read",
        "crm.objects.quotes.read",
        "crm.objects.companies.read",
        "tickets",
        "crm.objects.users.read",
        "crm.objects.leads.read",
    ];
    assert_eq!(left, expected, "{said}");
    assert!(
        said.contains("`GET /crm/objects/2026-03/companies?limit=1` is `v2026_03.companies.list`"),
        "{said}"
    );
    assert!(
        said.contains("call `client.v2026_03().companies().list()`"),
        "{said}"
    );
    compiles(&workspace);
}

#[test]
fn where_requests_are_unknown_everything_stays() {
    let app_file = r#"{"uid": "app", "type": "app", "config": {"auth": {"type": "oauth", "redirectUrls": [],
        "requiredScopes": ["oauth", "crm.objects.contacts.read", "crm.objects.contacts.write",
        "crm.objects.deals.read", "crm.objects.leads.read", "crm.objects.owners.read"]}}}"#;
    let (said, left, workspace) =
        fixed("unknown_requests", &[("src/app/app-hsmeta.json", app_file)]);
    let expected = [
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
        "crm.objects.deals.read",
        "crm.objects.leads.read",
        "oauth",
    ];
    assert_eq!(left, expected, "{said}");
    let file = std::fs::read_to_string(workspace.folder().join("src/app/app-hsmeta.json"));
    assert_eq!(file.expect("the app file is there"), app_file, "{said}");
    assert!(
        said.contains(
            "no call that was seen needs the scope `crm.objects.deals.read`, but others may"
        ),
        "{said}"
    );
    assert!(
        said.contains(
            "`crm.objects.contacts.write` of `AppScopes` stays, because requests may need it"
        ),
        "{said}"
    );
    assert!(
        !said.contains("states `crm.objects.leads.read`, which nothing in it needs"),
        "{said}"
    );
}

#[test]
fn nothing_is_replaced_by_what_allows_more() {
    let (said, left, workspace) = fixed("power", &[]);
    assert!(!said.contains("e-commerce` "), "{said}");
    let expected = [
        "crm.objects.line_items.read",
        "crm.objects.line_items.write",
        "crm.objects.custom.read",
        "crm.objects.companies.read",
        "crm.objects.contacts.read",
    ];
    assert_eq!(left, expected, "{said}");
    compiles(&workspace);
}

#[test]
fn what_functions_state_stays_with_what_their_requests_need() {
    let (said, left, workspace) = fixed("harmless", &[("src/lib.rs", DOUBTFUL)]);
    let expected = [
        "crm.objects.contacts.read",
        "crm.objects.deals.read",
        "crm.objects.companies.read",
        "crm.objects.line_items.read",
        "crm.objects.line_items.write",
        "crm.objects.quotes.read",
    ];
    assert_eq!(left, expected, "{said}");
    assert!(said.contains("because `wide` states it"), "{said}");
    for right in ["calls_one_with_bounds", "here_and_there"] {
        assert!(!said.contains(&format!("`{right}` states")), "{said}");
    }
    assert!(
        said.contains("`GET /crm/objects/2026-09/companies` is `companies.list`"),
        "{said}"
    );
    drop(workspace);
}

#[test]
fn a_file_keeps_the_scopes_that_another_package_declares() {
    let of = |name: &str, scope: &str, resource: &str| {
        format!(
            "hubspot_generated::scope_set! {{ pub struct {name} {{ required: [\"{scope}\"] }} }}\n\
             pub fn calls(client: &hubspot_generated::Client<{name}>) {{ drop(client.{resource}().list()); }}\n"
        )
    };
    let own = of("Own", "crm.objects.contacts.read", "contacts");
    let web = of("Web", "crm.objects.companies.read", "companies");
    let app = r#"{"type": "app", "config": {"auth": {"type": "static",
"requiredScopes": ["crm.objects.contacts.read", "crm.objects.companies.read"]}}}"#;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes/harmless");
    let manifest =
        std::fs::read_to_string(folder.join("Cargo.toml")).expect("the shape has a manifest");
    let named = |name: &str| {
        let manifest = manifest.replace("\"harmless\"", &format!("\"{name}\""));
        manifest.replace("[workspace]", "")
    };
    let root = named("shared-root") + "\n[workspace]\nmembers = [\"web\"]\n";
    let (_, _, workspace) = fixed(
        "harmless",
        &[
            ("Cargo.toml", &root),
            ("src/lib.rs", &own),
            ("web/Cargo.toml", &named("shared-web")),
            ("web/src/lib.rs", &web),
            ("src/app/app-hsmeta.json", app),
        ],
    );
    let left = std::fs::read_to_string(workspace.folder().join("src/app/app-hsmeta.json"))
        .expect("the file is there");
    assert_eq!(left, app);
}
