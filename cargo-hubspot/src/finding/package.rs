//! The findings about one package.

use super::item::{Finding, FindingKind, Removal};
use super::words::{count, described, few, inexact, plural, quoted, short};
use crate::app_file::LOGIN;
use crate::model::{
    Bypass, BypassKind, Called, CheckedAppFile, DeclaredScope, Difference, Need, OUT_DIR, Package,
    RawRequest, Replaceable, ScopedFunction, Uncompiled, Undecided,
};
use crate::operations;
use crate::power::power;

/// What to do about a request whose scopes are unknown.
const STATE_IT: &str = "state what the request needs: `request!(client, \"scope\", method, path)`, or \
                                   `#[hubspot_scopes(\"scope\")]` on the function around it";

pub(super) fn of_package(package: &Package) -> Vec<Finding<'_>> {
    let verdict = &package.verdict;
    let mut found = Vec::new();
    found.extend(verdict.missing.iter().map(|need| missing(package, need)));
    found.extend(verdict.unused.iter().map(|one| unused(package, one)));
    let replaceable = verdict.replaceable.iter();
    found.extend(replaceable.map(|one| self::replaceable(package, one)));
    found.extend(package.functions.iter().filter_map(wide));
    let bypasses = package.unchecked.iter().chain(&package.upgrades);
    found.extend(bypasses.filter(|bypass| bypass.counts).filter_map(bypassed));
    found.extend(package.app_files.iter().flat_map(differences));
    found.extend(verdict.test_only.iter().map(|one| {
        let places = few(&one.places);
        let message =
            |scope: &str| format!("the scope `{scope}` is needed by tests only: {places}");
        about(FindingKind::TestOnly, &one.declared, message)
            .help("give the tests a scope set of their own; `--fix` leaves this one as it is")
    }));
    found.extend(verdict.undecided.iter().map(undecided));
    found.extend(verdict.alternatives.iter().map(alternative));
    found.extend(verdict.assumed.iter().map(|one| {
        let message = |scope: &str| format!("the scope `{scope}` is assumed not to be needed");
        let operations = &one.operations;
        let why = if operations.is_empty() {
            "no call is documented to need it: the assumption has no effect".to_owned()
        } else {
            format!("documented to be needed by {}", quoted(operations))
        };
        about(FindingKind::Assumed, &one.declared, message).note(why)
    }));
    for finding in &mut found {
        finding.package = Some(&package.name);
    }
    found
}

/// A finding about a declared scope.
fn about(
    kind: FindingKind,
    declared: &DeclaredScope,
    message: impl FnOnce(&str) -> String,
) -> Finding<'_> {
    let label = format!("in `{}` of `{}`", declared.list.key(), declared.set);
    let finding = Finding::new(kind, &declared.scope, message(&declared.scope));
    finding.at(&declared.place).label(label)
}

/// A need that no declaration satisfies.
fn missing<'a>(package: &'a Package, need: &Need) -> Finding<'a> {
    let requests = package.unchecked.iter().filter(|bypass| bypass.counts);
    let mut requests = requests.filter_map(|bypass| Some((bypass, bypass.request.as_ref()?)));
    let is_of_need = |(_, request): &(&Bypass, &RawRequest)| {
        let name = request.operation.as_ref().unwrap_or(&request.request);
        need.operations.contains(name)
    };
    let request = requests.find(is_of_need);
    let has_login = package.app_files.iter().any(|file| file.login.is_some());
    if request.is_none() && has_login {
        let what = "which no declaration has for the app's kind of login";
        let help = "the compiler accepts scopes of either kind of login; declare those of yours";
        return lacking(package, need, what).help(help);
    }
    let finding = lacking(package, need, "which no scope set declares");
    let finding = match request {
        Some((bypass, _)) => Finding {
            function: bypass.function.as_deref(),
            ..finding.at(&bypass.place).label("requested here".to_owned())
        },
        None => finding,
    };
    finding.help("declare it; the compiler does not check raw requests, and HubSpot refuses one without its scopes")
}

/// A need that is not satisfied, at its first call.
pub(super) fn lacking<'a>(package: &'a Package, need: &Need, what: &str) -> Finding<'a> {
    let operations = quoted(&need.operations);
    let verb = plural(need.operations.len(), "needs", "need");
    let message = format!("{operations} {verb} {}, {what}", short(&need.requirement));
    let mut calls = package.call_sites.iter();
    let call = calls.find(|call| call.counts && call.requirement == need.requirement);
    let subject = need.requirement.to_string();
    let finding = Finding::new(FindingKind::Missing, &subject, message);
    match call {
        Some(call) => Finding {
            function: call.function.as_deref(),
            ..finding.at(&call.place).label("called here".to_owned())
        },
        None => finding,
    }
}

fn unused<'a>(package: &Package, declared: &'a DeclaredScope) -> Finding<'a> {
    let message = |scope: &str| format!("the scope `{scope}` is declared, but nothing needs it");
    let (help, is_certain) = if package.verdict.has_unknown_requests {
        let help = "remove it if no request of unknown scopes needs it; until these state their scopes, `--fix` leaves it";
        (help, false)
    } else if !declared.stated_by.is_empty() {
        let help = "remove it when no called function states it, also from the app's scopes in HubSpot; until then, `--fix` \
                    leaves it";
        (help, false)
    } else if declared.place.file.starts_with(OUT_DIR) {
        let help = "remove it in the build script that writes the set, which `--fix` leaves, and from the app's scopes in HubSpot";
        (help, false)
    } else {
        let help =
            "remove it, also from the app's scopes in HubSpot; `--fix` removes it from the files";
        (help, true)
    };
    let mut files = package.app_files.iter();
    let may_be_listed = files.any(|file| {
        file.fault.is_some() || file.scopes.iter().any(|one| one.scope == declared.scope)
    });
    let removal = Removal {
        place: &declared.place,
        is_complete: package.verdict.exact && !may_be_listed,
    };
    let finding = about(FindingKind::Unused, declared, message)
        .note(inexact(package))
        .note(stated(declared))
        .help(help);
    Finding {
        removal: is_certain.then_some(removal),
        ..finding
    }
}

fn replaceable<'a>(package: &Package, replaceable: &'a Replaceable) -> Finding<'a> {
    let by = quoted(&replaceable.by);
    let message = |scope: &str| format!("the scope `{scope}` can be replaced by {by}");
    about(FindingKind::Replaceable, &replaceable.declared, message)
        .note(used_for(replaceable))
        .note(inexact(package))
        .note(stated(&replaceable.declared))
        .help("`--fix` changes the files, where the audit is exact")
}

/// The operations that a scope is used for.
fn used_for(replaceable: &Replaceable) -> String {
    format!("used for {}", quoted(&replaceable.operations))
}

/// The functions that keep a scope from being removed.
fn stated(declared: &DeclaredScope) -> Option<String> {
    let by = &declared.stated_by;
    (!by.is_empty()).then(|| format!("stated by {}: change that first", quoted(by)))
}

fn undecided(undecided: &Undecided) -> Finding<'_> {
    let message =
        |scope: &str| format!("no call that was seen needs the scope `{scope}`, but others may");
    let by: Vec<_> = undecided.by.iter().map(Uncompiled::text).collect();
    about(FindingKind::Undecided, &undecided.declared, message)
        .note(format!("not exact: it may be needed in {}", few(&by)))
        .help(if undecided.by.iter().any(Uncompiled::is_request) {
            STATE_IT
        } else {
            "look there, or audit that code: `--features`, `--all-features`, `--target`, `--trust-derives`"
        })
}

fn alternative(alternative: &Replaceable) -> Finding<'_> {
    let by = quoted(&alternative.by);
    let message = |scope: &str| {
        format!("{by} would be enough instead of `{scope}`, but also allows other operations")
    };
    let declared = &alternative.declared;
    let [own, other] = [std::slice::from_ref(&declared.scope), &alternative.by].map(opened);
    let comparison = format!("`{}` opens {own}; {by} opens {other}", declared.scope);
    about(FindingKind::Alternative, declared, message)
        .note(comparison)
        .note(used_for(alternative))
        .help("`cargo hubspot scopes` shows what each is for; `--fix` changes nothing here")
}

/// How many operations scopes open, in all of HubSpot's API.
fn opened(scopes: &[String]) -> String {
    let opened = power().opened_by(&scopes.iter().cloned().collect());
    let writes = count(opened.writes, "operation");
    format!("{writes} that write and {} that read", opened.reads)
}

fn wide(function: &ScopedFunction) -> Option<Finding<'_>> {
    let enough = function.enough.as_ref()?;
    let name = &function.function;
    let message = if function.unneeded.is_empty() {
        format!("`{name}` states more than it uses")
    } else {
        let unneeded = quoted(&function.unneeded);
        format!("`{name}` states {unneeded}, which nothing in it needs")
    };
    let help = if enough.is_none() {
        "remove `#[hubspot_scopes]`".to_owned()
    } else {
        format!("`#[hubspot_scopes({enough})]` is enough")
    };
    let finding = Finding::of_function(FindingKind::Wide, Some(name), message);
    let finding = finding.at(&function.place);
    let label = format!("states {}", short(&function.states));
    Some(finding.label(label).note(calls(&function.calls)).help(help))
}

fn bypassed(bypass: &Bypass) -> Option<Finding<'_>> {
    if let Some(request) = &bypass.request {
        return raw_request(bypass, request);
    }
    let (kind, message) = match bypass.kind {
        BypassKind::UncheckedClient => (
            FindingKind::Unchecked,
            "`Client::unchecked_builder` allows every call: the compiler checks none",
        ),
        BypassKind::UncheckedType => (
            FindingKind::Unchecked,
            "a `Client<Unchecked>` allows every call: the compiler checks none",
        ),
        BypassKind::HandWritten => (
            FindingKind::HandWritten,
            "a trait of scope sets is implemented by hand: the compiler treats its scopes as declared",
        ),
        BypassKind::RawRequest => return None,
        BypassKind::Upgrade => (
            FindingKind::Upgrade,
            "a client with more scopes, if the token has them",
        ),
    };
    let finding = Finding::of_function(kind, bypass.function.as_deref(), message.to_owned());
    let finding = finding.at(&bypass.place);
    Some(match bypass.kind {
        BypassKind::HandWritten => finding.help("declare the scopes with `scope_set!`"),
        _ => finding.note(calls(&bypass.calls)),
    })
}

/// A request that states no scopes; `None` if the function around it does.
fn raw_request<'a>(bypass: &'a Bypass, request: &'a RawRequest) -> Option<Finding<'a>> {
    if request.is_stated {
        return None;
    }
    let sent = &request.request;
    let operation = request.operation.as_deref().and_then(operations::find);
    let (message, help) = match operation {
        Some(operation) => {
            let needs = short(&operation.requirement().unwrap_or_default());
            let path = sent.split_once(' ').map_or("", |(_, path)| path);
            let call = operations::call_to(operation, path);
            let with = match operations::features(operation).as_slice() {
                [] => String::new(),
                [name] => format!(" (feature `{name}`)"),
                names => format!(" (features {})", quoted(names)),
            };
            (
                format!("`{sent}` is `{}`, which needs {needs}", operation.id),
                format!("call `{call}`{with}: the compiler checks its scopes"),
            )
        }
        None => (
            format!("the scopes that `{sent}` needs are not known"),
            STATE_IT.to_owned(),
        ),
    };
    let function = bypass.function.as_deref();
    let finding = Finding::of_function(FindingKind::RawRequest, function, message);
    Some(finding.at(&bypass.place).help(help))
}

/// The calls in a function, in a sentence.
fn calls(calls: &[Called]) -> String {
    if calls.is_empty() {
        return "the function calls no operation itself".to_owned();
    }
    let mut names: Vec<_> = calls.iter().map(|call| call.operation.clone()).collect();
    names.sort();
    names.dedup();
    format!("the function calls {}", quoted(&names))
}

fn differences(file: &CheckedAppFile) -> impl Iterator<Item = Finding<'_>> {
    let fault = file.fault.iter().map(|fault| {
        let message = format!("`{}` {fault}", file.file);
        Finding::new(FindingKind::Difference, "", message)
    });
    // HubSpot adds this scope itself where a file does not list it; no call needs it.
    let differences = file.differences.iter();
    let differences = differences.filter(|one| one.scope != LOGIN || one.in_code.is_some());
    let differences = differences.map(|difference| {
        let message = message(difference);
        Finding::new(FindingKind::Difference, &difference.scope, message)
            .help("`--fix` makes the app file list what the code declares")
    });
    fault.chain(differences).map(|finding| Finding {
        file: Some(&file.file),
        ..finding
    })
}

fn message(difference: &Difference) -> String {
    let scope = &difference.scope;
    let [in_file, in_code] =
        [difference.in_file, difference.in_code].map(|list| list.map(described));
    match (in_file, in_code) {
        (Some(listed), None) => {
            format!("the app file lists `{scope}` as {listed}, the code does not declare it")
        }
        (None, Some(declared)) => {
            format!("the code declares `{scope}` as {declared}, the app file does not list it")
        }
        (Some(listed), Some(declared)) => {
            format!("`{scope}` is {listed} in the app file, but {declared} in the code")
        }
        (None, None) => format!("the app file and the code differ in `{scope}`"),
    }
}
