//! Locks before and after a change, and the kinds of changes that follow.

use super::{APP, LIBRARY};

/// A name, a lock before and after, and the kinds of changes.
pub(super) type Case = (&'static str, String, String, &'static [&'static str]);

/// Changes of packages and scope sets.
fn moved() -> Vec<Case> {
    let renamed = APP.replace(" Set ", " Renamed ");
    let other_app =
        "scope other Set forms required spare\nscope other Set tickets optional spare\n";
    vec![
        (
            "a library that another member declares scopes for",
            LIBRARY.replace("contacts.list", "contacts.get"),
            LIBRARY.to_owned(),
            &["call contacts.list", "gone contacts.get"],
        ),
        (
            "a library of its own",
            String::new(),
            LIBRARY
                .lines()
                .filter(|line| !line.contains(" app "))
                .collect::<Vec<_>>()
                .join("\n"),
            &["undeclared crm.objects.contacts.read", "call contacts.list"],
        ),
        ("a renamed set", APP.to_owned(), renamed, &[]),
        (
            "a set that moved to another member",
            format!("{APP}scope other Other forms required spare\n"),
            APP.replace("scope app", "scope other")
                .replace("call app", "call other")
                + "scope app Other forms required spare\n",
            &[
                "gone companies.list",
                "gone contacts.list",
                "call companies.list",
                "call contacts.list",
            ],
        ),
        (
            "a new app beside one that is removed",
            format!("{APP}scope old Set crm.objects.deals.read required spare\n"),
            format!("{APP}{other_app}"),
            &["removed crm.objects.deals.read", "new-set Set"],
        ),
        (
            "a second set of what the first has",
            APP.to_owned(),
            format!("{APP}scope app Jobs crm.objects.contacts.read required needed\n")
                + "call app Jobs crm.objects.contacts.read contacts.list people\n",
            &[],
        ),
    ]
}

/// Changes of lists, app files and requirements.
fn changed() -> Vec<Case> {
    let listed = "listed app app-hsmeta.json crm.objects.deals.read required\n";
    let deals = "scope app Set crm.objects.deals.read required spare\n";
    let optional = APP.replace("companies.read required", "companies.read optional");
    vec![
        (
            "only the app file",
            APP.to_owned(),
            format!("{APP}{listed}"),
            &["required crm.objects.deals.read"],
        ),
        (
            "the app file and the code",
            APP.to_owned(),
            format!("{APP}{listed}{deals}"),
            &["required crm.objects.deals.read"],
        ),
        (
            "the code after the app file",
            format!("{APP}{listed}"),
            format!("{APP}{listed}{deals}"),
            &[],
        ),
        (
            "no longer in the app file",
            format!("{APP}{listed}"),
            APP.to_owned(),
            &["removed crm.objects.deals.read"],
        ),
        (
            "optional to required",
            optional.clone(),
            APP.to_owned(),
            &["required crm.objects.companies.read"],
        ),
        (
            "required to optional",
            APP.to_owned(),
            optional,
            &["relaxed crm.objects.companies.read"],
        ),
        (
            "another requirement",
            APP.replace(
                "list \"crm.objects.contacts.read",
                "list any(\"x\", \"crm.objects.contacts.read",
            )
            .replace("contacts.read\"\n", "contacts.read\")\n"),
            APP.to_owned(),
            &["requirement contacts.list"],
        ),
        (
            "a raw request that states something else",
            format!("{APP}call app - - \"GET /x\" f\noperation \"GET /x\" \"y\"\n"),
            format!("{APP}call app - - \"GET /x\" f\noperation \"GET /x\" \"z\"\n"),
            &[],
        ),
    ]
}

/// A second set of the package, with a scope of [`APP`].
pub(super) const JOBS: &str = "\
call app Jobs crm.objects.contacts.read contacts.list people
scope app Jobs crm.objects.contacts.read required needed
scope app Jobs oauth required needed
";

/// `text` without the lines that have all the words.
pub(super) fn without(text: &str, words: &[&str]) -> String {
    let has_all = |line: &&str| words.iter().all(|word| line.contains(word));
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !has_all(line)).collect()
}

/// Changes of one of two sets of a package.
fn of_several_sets() -> Vec<Case> {
    let both = format!("{APP}{JOBS}");
    let left = without(&both, &[" Jobs crm.objects"]);
    let optional = both.replace(
        "Jobs crm.objects.contacts.read required",
        "Jobs crm.objects.contacts.read optional",
    );
    let listed = format!("{APP}listed app a.json crm.objects.contacts.read required\n");
    let gone = &["removed crm.objects.contacts.read"][..];
    vec![
        (
            "left out, and still in another set",
            both.clone(),
            left.clone(),
            gone,
        ),
        (
            "required, as before in another set",
            left.clone(),
            both.clone(),
            &[],
        ),
        (
            "optional, as before in another set",
            left,
            optional.clone(),
            &[],
        ),
        (
            "optional, and required in another set",
            both.clone(),
            optional,
            &[],
        ),
        (
            "moved to another set",
            both.clone(),
            both.replace("Set crm.objects.companies", "Jobs crm.objects.companies"),
            &["removed crm.objects.companies.read"],
        ),
        (
            "left out of the code, and still listed",
            listed.clone(),
            without(&listed, &["Set crm.objects.contacts"]).replace(
                "operation contacts.list \"crm.objects.contacts.read\"\n",
                "",
            ),
            &["removed crm.objects.contacts.read", "gone contacts.list"],
        ),
    ]
}

/// Scopes that the code of several sets needs no longer.
fn of_several_sets_left_out() -> Vec<Case> {
    let both = format!("{APP}{JOBS}");
    vec![
        (
            "left out of both",
            both.clone(),
            without(&both, &["contacts"]),
            &[
                "removed crm.objects.contacts.read",
                "removed crm.objects.contacts.read",
                "gone contacts.list",
            ],
        ),
        (
            "left out of one, and optional in the other",
            both.clone(),
            without(&both, &[" Jobs crm.objects"])
                .replace("contacts.read required", "contacts.read optional"),
            &["relaxed crm.objects.contacts.read"; 2],
        ),
    ]
}

/// Changes of app files that are moved, and of several.
fn of_files() -> Vec<Case> {
    let [deals, forms, new] = ["crm.objects.deals.read", "forms", "tickets"]
        .map(|scope| move |file: &str| format!("listed app {file} {scope} required\n"));
    let old = format!("{APP}{}{}", deals("a.json"), forms("a.json"));
    let moved = old.replace("a.json", "b/a.json");
    let two = format!("{old}{}", deals("b.json"));
    let renamed = |text: &str| text.replace(" app ", " renamed ");
    vec![
        ("a moved file", old.clone(), moved.clone(), &[][..]),
        ("a renamed package", moved.clone(), renamed(&moved), &[]),
        (
            "a renamed package in a renamed folder",
            old.clone(),
            renamed(&moved),
            &[],
        ),
        (
            "a moved file with changes",
            old.clone(),
            without(&moved, &["forms"]) + &new("b/a.json"),
            &["required tickets", "removed forms"],
        ),
        (
            "a renamed package with changes",
            old.clone(),
            renamed(&(without(&old, &["forms"]) + &new("a.json"))),
            &["required tickets", "removed forms"],
        ),
        (
            "a new scope in two files",
            two.clone(),
            format!("{two}{}{}", new("a.json"), new("b.json")),
            &["required tickets"; 2],
        ),
        (
            "a scope of one file in another one",
            two.clone(),
            two.clone() + &forms("b.json"),
            &["required forms"],
        ),
        (
            "a second file with scopes of the first",
            old.clone(),
            two.clone(),
            &[],
        ),
        ("one of two files is gone", two, old, &[]),
    ]
}

/// A file that moves with its set.
fn of_a_set_with_a_file() -> Vec<Case> {
    let deals = |file: &str| format!("{APP}listed app {file} crm.objects.deals.read required\n");
    vec![(
        "a file that moves with its set",
        format!(
            "{}scope other Other forms required spare\n",
            deals("a.json")
        ),
        deals("b.json").replace(" app ", " other ") + "scope app Other forms required spare\n",
        &[
            "gone companies.list",
            "gone contacts.list",
            "call companies.list",
            "call contacts.list",
        ],
    )]
}

/// All cases.
pub(super) fn all() -> impl Iterator<Item = Case> {
    let parts = [moved, changed, of_several_sets, of_several_sets_left_out];
    let files = [of_files, of_a_set_with_a_file];
    parts.into_iter().chain(files).flat_map(|cases| cases())
}
