//! The tools: their descriptions, and what they do.
//!
//! An error of a tool is part of its result, so that an assistant reads it.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use rmcp::handler::server::common::{schema_for_input, schema_for_output};
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, Tool, ToolAnnotations};
use rmcp::schemars::{self, JsonSchema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::output::{Audit, OperationScopes, ScopeOperations};
use crate::audit::{self, DoesNotCompile, Selection};
use crate::finding::{Production, findings};
use crate::{path, render, scopes};

/// Handles a call.
type Call = fn(JsonObject, Selection) -> CallToolResult;

/// The names of the tools.
pub(super) const NAMES: [&str; 3] = ["operation_scopes", "scope_operations", "audit_workspace"];

/// The tool with this name.
pub(super) fn find(name: &str) -> Option<Call> {
    let calls: [Call; 3] = [operation_scopes, scope_operations, audit_workspace];
    let at = NAMES.iter().position(|known| *known == name)?;
    calls.get(at).copied()
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OperationArguments {
    /// The id of an operation (`contacts.list`, or `v3.contacts.list` for one version), a path or URL
    /// (`/crm/v3/objects/contacts/17`), or a method and a path (`GET /crm/v3/objects/contacts`).
    operation: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScopeArguments {
    /// The name of a scope, such as `crm.objects.contacts.read`.
    scope: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AuditArguments {
    /// The packages to audit; without it, those that the server was started for, or the whole workspace.
    #[serde(default)]
    packages: Vec<String>,
}

/// The descriptions of the tools.
pub(super) fn all() -> Vec<Tool> {
    let [operation, scope, workspace] = NAMES;
    vec![
        tool::<OperationArguments, OperationScopes>(
            operation,
            "Scopes of a HubSpot operation",
            "Returns the OAuth scopes that an operation of HubSpot's API needs, in each version of the API, with the \
             alternatives in order of power: the first one opens the least. Also returns how the Rust client calls the \
             operation, and the cargo features that it needs.",
        ),
        tool::<ScopeArguments, ScopeOperations>(
            scope,
            "Operations of a HubSpot scope",
            "Returns the operations that accept an OAuth scope of HubSpot, with the scopes that could be used instead, and \
             whether the scope needs a product tier or opens sensitive data.",
        ),
        tool::<AuditArguments, Audit>(
            workspace,
            "Audit of this workspace",
            "Compiles the Rust workspace with `cargo check` and returns the scopes that it declares, the least set that its \
             calls need, and findings with their places: missing, unused and replaceable scopes, raw requests, unchecked \
             clients. Changes no source file. The first run may take minutes, later ones take as long as `cargo check`.",
        ),
    ]
}

fn tool<I: JsonSchema + 'static, O: JsonSchema + 'static>(
    name: &'static str,
    title: &str,
    description: &'static str,
) -> Tool {
    let hints = ToolAnnotations::with_title(title);
    let hints = hints.read_only(true).idempotent(true).open_world(false);
    let input: Arc<JsonObject> = schema_for_input::<I>().unwrap_or_default();
    Tool::new(name, description, input)
        .with_title(title)
        .with_raw_output_schema(schema_for_output::<O>())
        .with_annotations(hints)
}

fn operation_scopes(arguments: JsonObject, _: Selection) -> CallToolResult {
    result(parsed(arguments).and_then(|arguments: OperationArguments| {
        let name = arguments.operation.trim();
        let operations = scopes::operations_called(name);
        if operations.is_empty() {
            if scopes::known().any(|scope| scope == name) {
                bail!("`{name}` is a scope: call the tool `scope_operations`");
            }
            bail!("{}", scopes::unknown_operation(name));
        }
        let text = scopes::text_of_operations(&operations);
        Ok((text, OperationScopes::new(&operations, name)))
    }))
}

fn scope_operations(arguments: JsonObject, _: Selection) -> CallToolResult {
    result(parsed(arguments).and_then(|arguments: ScopeArguments| {
        let name = arguments.scope.trim();
        let Some(scope) = scopes::known().find(|known| *known == name) else {
            if !scopes::operations_called(name).is_empty() {
                bail!("`{name}` is an operation: call the tool `operation_scopes`");
            }
            let nearest = scopes::nearest(name, scopes::known());
            bail!("HubSpot has no scope `{}`{nearest}", path::shown(name));
        };
        Ok((scopes::text_of_scope(scope), ScopeOperations::new(scope)))
    }))
}

fn audit_workspace(arguments: JsonObject, selection: Selection) -> CallToolResult {
    result(parsed(arguments).and_then(|arguments: AuditArguments| {
        let selection = selection.of_packages_or_whole(arguments.packages);
        let report = match audit::collect(&selection) {
            Ok(report) => report,
            Err(error) => return Err(explained(error, &selection)),
        };
        let production = Production::default();
        let findings = findings(&report, &production);
        let findings: Vec<_> = findings.iter().collect();
        let text = render::text::report(&report, &production, &findings, 0);
        Ok((text, Audit::new(&report, &findings)))
    }))
}

/// Adds to the error of an audit what a terminal would show, or what to do.
fn explained(error: anyhow::Error, selection: &Selection) -> anyhow::Error {
    let errors = error.downcast_ref::<DoesNotCompile>();
    if let Some(DoesNotCompile { errors }) = errors {
        let text = match errors.as_slice() {
            [] => "cargo's messages are on the standard error of the server".to_owned(),
            errors => errors.concat(),
        };
        return anyhow::anyhow!(
            "the code does not compile; an audit needs code that does:\n{text}"
        );
    }
    match audit::workspace(selection) {
        Err(_) => error.context(
            "start `cargo hubspot mcp` in the folder of the workspace, or with `--manifest-path`",
        ),
        Ok(_) => error,
    }
}

fn parsed<T: DeserializeOwned>(arguments: JsonObject) -> Result<T> {
    serde_json::from_value(arguments.into()).context("the arguments are not those of this tool")
}

/// The text without colours, and the same as JSON.
fn result(outcome: Result<(String, impl Serialize)>) -> CallToolResult {
    let outcome = outcome.and_then(|(text, output)| Ok((text, serde_json::to_value(output)?)));
    let content = |text: &str| {
        let plain = anstream::adapter::strip_str(text).to_string();
        vec![ContentBlock::text(plain)]
    };
    match outcome {
        Ok((text, output)) => {
            let mut result = CallToolResult::success(content(&text));
            result.structured_content = Some(output);
            result
        }
        Err(error) => CallToolResult::error(content(&format!("{error:#}"))),
    }
}
