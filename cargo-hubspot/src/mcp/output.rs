//! The structured output of the tools. The doc comments are the descriptions in its schema.

use std::env;
use std::path::{Path, PathBuf};

use hubspot_generated::Operation;
use hubspot_scopes::Sensitivity;
use rmcp::schemars::{self, JsonSchema};
use serde::Serialize;

use crate::finding::{Finding, inexact};
use crate::model::{Package, Report};
use crate::operations;
use crate::power::by_power;
use crate::request::Written;
use crate::review::Fact;
use crate::scopes::instead_of;

/// What operations need.
#[derive(Serialize, JsonSchema)]
pub(super) struct OperationScopes {
    /// Each operation with the name or path, in every version of the API that has it, newest first.
    operations: Vec<OperationNeeds>,
}

#[derive(Serialize, JsonSchema)]
struct OperationNeeds {
    /// The id, such as `contacts.list`.
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    /// How the client calls it.
    call: String,
    /// The features of `hubspot-generated` that it needs and that are not on by default.
    features: Vec<String>,
    /// What it needs, in the grammar of `#[hubspot_scopes(...)]`; empty if it needs no scope.
    requirement: String,
    /// Any one of these is enough, the least powerful one first.
    alternatives: Vec<Way>,
}

#[derive(Serialize, JsonSchema)]
struct Way {
    /// All of these scopes are needed together.
    scopes: Vec<String>,
    /// The only kind of login that it is valid for, if it is not valid for all.
    login: Option<String>,
}

impl OperationScopes {
    /// `name` is what the operations were found by.
    pub(super) fn new(operations: &[&'static Operation], name: &str) -> Self {
        let operations = operations.iter();
        let operations = operations.map(|operation| OperationNeeds::new(operation, name));
        Self {
            operations: operations.collect(),
        }
    }
}

impl OperationNeeds {
    fn new(operation: &'static Operation, name: &str) -> Self {
        let request = Written::parse(name);
        let path = request.as_ref().map_or("", |request| &request.path);
        let requirement = operation.requirement().unwrap_or_default();
        let alternatives = by_power(&requirement, operation.id).into_iter();
        let alternatives = alternatives.map(|way| Way {
            scopes: way.scopes().iter().cloned().collect(),
            login: way.logins().only().map(|login| login.to_string()),
        });
        Self {
            operation: operation.id,
            method: operation.method.as_str(),
            path: operation.path,
            call: operations::call_to(operation, path),
            features: operations::features(operation),
            requirement: requirement.to_string(),
            alternatives: alternatives.collect(),
        }
    }
}

/// How many alternatives to a scope are given: operations on objects of any type have a hundred.
const INSTEAD: usize = 3;

/// What a scope is for.
#[derive(Serialize, JsonSchema)]
pub(super) struct ScopeOperations {
    scope: &'static str,
    /// What it lets an app do, if that is known.
    description: Option<&'static str>,
    /// The product tier that an account needs to grant it.
    product_tier: Option<&'static str>,
    /// `sensitive` or `highly_sensitive`, if HubSpot treats its data so.
    sensitivity: Option<&'static str>,
    /// The operations of the client that accept it.
    operations: Vec<ScopeUse>,
}

#[derive(Serialize, JsonSchema)]
struct ScopeUse {
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    /// Sets of scopes without this one that are enough, too: the three least powerful ones. Empty if it is needed.
    instead: Vec<Vec<String>>,
    /// How many sets more are enough.
    instead_more: usize,
}

impl ScopeOperations {
    pub(super) fn new(scope: &'static str) -> Self {
        let fact = Fact::of(scope);
        let operations = operations::all().filter_map(|operation| {
            let (_, instead) = instead_of(scope, operation)?;
            Some(ScopeUse {
                operation: operation.id,
                method: operation.method.as_str(),
                path: operation.path,
                instead_more: instead.len().saturating_sub(INSTEAD),
                instead: instead
                    .into_iter()
                    .take(INSTEAD)
                    .map(Vec::from_iter)
                    .collect(),
            })
        });
        Self {
            scope,
            description: fact.map(|fact| fact.description).filter(is_given),
            product_tier: fact.map(|fact| fact.tier).filter(is_given),
            sensitivity: Sensitivity::of_scope(scope).map(Sensitivity::name),
            operations: operations.collect(),
        }
    }
}

fn is_given(text: &&str) -> bool {
    !text.is_empty()
}

/// The audit of the workspace.
#[derive(Serialize, JsonSchema)]
pub(super) struct Audit {
    /// The folder of the workspace, relative to that of the server if one is in the other.
    workspace: String,
    packages: Vec<PackageScopes>,
    /// What is wrong, the most important first.
    findings: Vec<Found>,
    /// Remarks about what was not compiled.
    notes: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct PackageScopes {
    name: String,
    /// The scopes that its scope sets declare, each with its list.
    declared: Vec<DeclaredIn>,
    /// The least powerful scopes that are enough for every call.
    least_set: Vec<String>,
    /// How many calls of operations count.
    calls: usize,
    /// Why the least set is not exact; absent if it is.
    not_exact: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct DeclaredIn {
    scope: String,
    /// `required`, `conditional`, `optional`, `unlisted` or `assume`.
    list: String,
}

#[derive(Serialize, JsonSchema)]
struct Found {
    /// The kind, such as `missing` or `unused`.
    kind: String,
    /// `error`, `warning` or `note`.
    level: &'static str,
    package: Option<String>,
    message: String,
    /// Notes, and what to do.
    details: Vec<String>,
    /// Relative to the workspace.
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    function: Option<String>,
}

impl Audit {
    pub(super) fn new(report: &Report, findings: &[&Finding<'_>]) -> Self {
        Self {
            workspace: relative(&report.workspace),
            packages: report.requested().map(PackageScopes::new).collect(),
            findings: findings.iter().map(|finding| Found::new(finding)).collect(),
            notes: report.notes.clone(),
        }
    }
}

/// A folder as seen from the current one: `.`, `../..`, `crates/sync`; as it is if neither is in the other.
fn relative(folder: &str) -> String {
    let Ok(current) = env::current_dir() else {
        return folder.to_owned();
    };
    let folder = Path::new(folder);
    let relative = match (current.strip_prefix(folder), folder.strip_prefix(&current)) {
        (Ok(below), _) if below.as_os_str().is_empty() => PathBuf::from("."),
        (Ok(below), _) => below.components().map(|_| "..").collect(),
        (_, Ok(below)) => below.to_owned(),
        _ => folder.to_owned(),
    };
    relative.display().to_string().replace('\\', "/")
}

impl PackageScopes {
    fn new(package: &Package) -> Self {
        let declared = package.declared().into_iter();
        let declared = declared.map(|(scope, list)| DeclaredIn {
            scope: scope.to_owned(),
            list: list.to_string(),
        });
        let calls = package.call_sites.iter().filter(|call| call.counts);
        Self {
            name: package.name.clone(),
            declared: declared.collect(),
            least_set: package.verdict.least_set.clone(),
            calls: calls.count(),
            not_exact: inexact(package),
        }
    }
}

impl Found {
    fn new(finding: &Finding<'_>) -> Self {
        Self {
            kind: finding.kind.name(),
            level: finding.kind.level().name(),
            package: finding.package.map(str::to_owned),
            message: finding.message.clone(),
            details: finding.more().cloned().collect(),
            file: finding.file.map(str::to_owned),
            line: finding.place.map(|place| place.line),
            column: finding.place.map(|place| place.column),
            function: finding.function.map(str::to_owned),
        }
    }
}
