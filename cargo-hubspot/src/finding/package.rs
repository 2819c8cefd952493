//! The findings about one package.

use super::request::{STATE_IT, raw_request};
use super::{Finding, Kind, count, described, few, quoted, short};
use crate::app_file::LOGIN;
use crate::model::{
    AppFile, Bypass, BypassKind, Called, DeclaredScope, Difference, Need, Package, ScopedFunction,
    Uncompiled,
};
use crate::power::power;

pub(super) fn of_package(package: &Package) -> Vec<Finding<'_>> {
    let mut found = Vec::new();
    found.extend(missing(package));
    found.extend(unused(package));
    found.extend(replaceable(package));
    found.extend(package.functions.iter().filter_map(wide));
    let bypasses = package.unchecked.iter().chain(&package.upgrades);
    found.extend(bypasses.filter(|bypass| bypass.counts).filter_map(bypassed));
    found.extend(package.app_files.iter().flat_map(differences));
    found.extend(test_only(package));
    found.extend(undecided(package));
    found.extend(alternatives(package));
    found.extend(assumed(package));
    for finding in &mut found {
        finding.package = Some(&package.name);
    }
    found
}

fn missing(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.missing.iter().map(|need| {
        let what = "which no declaration has for the app's kind of login";
        lacking(package, need, what)
            .help("the compiler takes scopes of either kind of login; declare those of yours")
    })
}

/// A need that is not satisfied, at its first call.
pub(super) fn lacking<'a>(package: &'a Package, need: &Need, what: &str) -> Finding<'a> {
    let subject = need.requirement.to_string();
    let verb = if need.operations.len() == 1 {
        "needs"
    } else {
        "need"
    };
    let message = format!(
        "{} {verb} {}, {what}",
        quoted(&need.operations),
        short(&need.requirement)
    );
    let calls = package.call_sites.iter();
    let mut calls = calls.filter(|call| call.counts && call.requirement == need.requirement);
    let finding = Finding::new(Kind::Missing, &subject, message);
    match calls.next() {
        Some(call) => Finding {
            function: call.function.as_deref(),
            ..finding.at(&call.place, "called here".to_owned())
        },
        None => finding,
    }
}

fn unused(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.unused.iter().map(|declared| {
        let message = format!(
            "the scope `{}` is declared, but nothing needs it",
            declared.scope
        );
        Finding::new(Kind::Unused, &declared.scope, message)
            .at(
                &declared.place,
                format!("in `{}` of `{}`", declared.list.key(), declared.set),
            )
            .note(inexact(package))
            .note(stated(declared))
            .help(if package.verdict.has_unknown_requests {
                "take it out if no request of unknown scopes needs it; until these state their scopes, `--fix` leaves it"
            } else {
                "take it out, of the app's scopes in HubSpot, too; `--fix` does so in the files"
            })
    })
}

fn replaceable(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.replaceable.iter().map(|replaceable| {
        let declared = &replaceable.declared;
        let message = format!(
            "the scope `{}` can be replaced by {}",
            declared.scope,
            quoted(&replaceable.by)
        );
        Finding::new(Kind::Replaceable, &declared.scope, message)
            .at(
                &declared.place,
                format!("in `{}` of `{}`", declared.list.key(), declared.set),
            )
            .note(Some(format!(
                "of use for {}",
                quoted(&replaceable.operations)
            )))
            .note(inexact(package))
            .note(stated(declared))
            .help("`--fix` changes the files, where the audit is exact")
    })
}

/// Which functions keep a scope from being taken out.
fn stated(declared: &DeclaredScope) -> Option<String> {
    let by = &declared.stated_by;
    (!by.is_empty()).then(|| format!("stated by {}: mend that first", quoted(by)))
}

fn test_only(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.test_only.iter().map(|test_only| {
        let declared = &test_only.declared;
        let message = format!(
            "the scope `{}` is needed by tests only: {}",
            declared.scope,
            few(&test_only.places)
        );
        Finding::new(Kind::TestOnly, &declared.scope, message)
            .at(
                &declared.place,
                format!("in `{}` of `{}`", declared.list.key(), declared.set),
            )
            .help("give the tests a scope set of their own; `--fix` leaves this one as it is")
    })
}

fn undecided(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.undecided.iter().map(|undecided| {
        let declared = &undecided.declared;
        let message = format!(
            "no call that was seen needs the scope `{}`, but others may",
            declared.scope
        );
        let by: Vec<_> = undecided.by.iter().map(Uncompiled::text).collect();
        Finding::new(Kind::Undecided, &declared.scope, message)
            .at(
                &declared.place,
                format!("in `{}` of `{}`", declared.list.key(), declared.set),
            )
            .note(Some(format!("not exact: it may be needed in {}", few(&by))))
            .help(if undecided.by.iter().any(Uncompiled::is_request) {
                STATE_IT
            } else {
                "look there, or audit that code: `--features`, `--all-features`, `--target`, `--trust-derives`"
            })
    })
}

fn alternatives(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.alternatives.iter().map(|alternative| {
        let declared = &alternative.declared;
        let by = quoted(&alternative.by);
        let message = format!(
            "{by} would be enough in the place of `{}`, but also allows other operations",
            declared.scope
        );
        let [own, other] = [std::slice::from_ref(&declared.scope), &alternative.by].map(opened);
        Finding::new(Kind::Alternative, &declared.scope, message)
            .at(
                &declared.place,
                format!("in `{}` of `{}`", declared.list.key(), declared.set),
            )
            .note(Some(format!(
                "`{}` opens {own}; {by} opens {other}",
                declared.scope
            )))
            .note(Some(format!(
                "of use for {}",
                quoted(&alternative.operations)
            )))
            .help("`cargo hubspot scopes` tells what each is for; `--fix` changes nothing here")
    })
}

/// How many operations scopes open, in all of HubSpot's API.
fn opened(scopes: &[String]) -> String {
    let opened = power().opened_by(&scopes.iter().cloned().collect());
    format!(
        "{} that write and {} that read",
        count(opened.writes, "operation"),
        opened.reads
    )
}

fn assumed(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.assumed.iter().map(|assumed| {
        let declared = &assumed.declared;
        let message = format!("the scope `{}` is assumed not to be needed", declared.scope);
        let why = if assumed.operations.is_empty() {
            "nothing that is called is documented to need it: the assumption is of no use".into()
        } else {
            format!("documented to be needed by {}", quoted(&assumed.operations))
        };
        Finding::new(Kind::Assumed, &declared.scope, message)
            .at(
                &declared.place,
                format!("in `assume` of `{}`", declared.set),
            )
            .note(Some(why))
    })
}

/// Why what is said of declarations may not be the whole truth.
fn inexact(package: &Package) -> Option<String> {
    let because = package.verdict.because.iter().map(|because| because.text());
    let because = because.collect::<Vec<_>>().join(", and ");
    (!because.is_empty()).then(|| format!("not exact: {because}"))
}

fn wide(function: &ScopedFunction) -> Option<Finding<'_>> {
    let enough = function.enough.as_ref()?;
    let name = &function.function;
    let message = if function.unneeded.is_empty() {
        format!("`{name}` states more than it uses")
    } else {
        format!(
            "`{name}` states {}, which nothing in it needs",
            quoted(&function.unneeded)
        )
    };
    let help = if enough.is_none() {
        "leave `#[hubspot_scopes]` out".to_owned()
    } else {
        format!("`#[hubspot_scopes({enough})]` is enough")
    };
    Some(Finding {
        function: Some(name),
        ..Finding::new(Kind::Wide, name, message)
            .at(
                &function.place,
                format!("states {}", short(&function.states)),
            )
            .note(Some(calls(&function.calls)))
            .help(&help)
    })
}

fn bypassed(bypass: &Bypass) -> Option<Finding<'_>> {
    if let Some(request) = &bypass.request {
        return raw_request(bypass, request);
    }
    let (kind, message) = match bypass.kind {
        BypassKind::UncheckedClient => (
            Kind::Unchecked,
            "`Client::unchecked_builder` allows every call: the compiler checks none",
        ),
        BypassKind::UncheckedType => (
            Kind::Unchecked,
            "a `Client<Unchecked>` allows every call: the compiler checks none",
        ),
        BypassKind::HandWritten => (
            Kind::HandWritten,
            "a trait of scope sets is implemented by hand: the compiler takes its scopes for declared",
        ),
        BypassKind::RawRequest => return None,
        BypassKind::Upgrade => (
            Kind::Upgrade,
            "a client with more scopes, where the token has them",
        ),
    };
    let function = bypass.function.as_deref();
    let label = function.map_or_else(String::new, |function| format!("in `{function}`"));
    let finding = Finding {
        function,
        ..Finding::new(kind, function.unwrap_or_default(), message.to_owned())
            .at(&bypass.place, label)
    };
    Some(match bypass.kind {
        BypassKind::HandWritten => finding.help("declare the scopes with `scope_set!`"),
        _ => finding.note(Some(calls(&bypass.calls))),
    })
}

/// What is called in a function, in a sentence.
fn calls(calls: &[Called]) -> String {
    if calls.is_empty() {
        return "the function calls no operation itself".to_owned();
    }
    let mut names: Vec<_> = calls.iter().map(|call| call.operation.clone()).collect();
    names.sort();
    names.dedup();
    format!("the function calls {}", quoted(&names))
}

fn differences(file: &AppFile) -> Vec<Finding<'_>> {
    let in_file = |finding| Finding {
        file: Some(&file.file),
        ..finding
    };
    let fault = file.fault.iter().map(|fault| {
        in_file(Finding::new(
            Kind::Difference,
            "",
            format!("`{}` {fault}", file.file),
        ))
    });
    let difference = |difference: &Difference| {
        let Difference {
            scope,
            in_file: listed,
            in_code,
            ..
        } = difference;
        let message = match (listed, in_code) {
            (Some(list), None) => format!(
                "the app file lists `{scope}` as {}, the code does not declare it",
                described(*list)
            ),
            (None, Some(list)) => format!(
                "the code declares `{scope}` as {}, the app file does not list it",
                described(*list)
            ),
            (Some(listed), Some(declared)) => format!(
                "`{scope}` is {} in the app file, but {} in the code",
                described(*listed),
                described(*declared)
            ),
            (None, None) => format!("the app file and the code differ in `{scope}`"),
        };
        in_file(Finding::new(Kind::Difference, scope, message))
            .help("`--fix` makes the app file list what the code declares")
    };
    // HubSpot adds this one by itself where a file does not list it; no call needs it.
    let differences = file.differences.iter();
    let differences = differences.filter(|one| one.scope != LOGIN || one.in_code.is_some());
    fault.chain(differences.map(difference)).collect()
}
