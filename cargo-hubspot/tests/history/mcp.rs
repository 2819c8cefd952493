//! `cargo hubspot mcp`, as a client sees it: lines of JSON over standard input and output.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::repository::Repository;
use super::workspace::{Workspace, shared_target};

/// A session with the server.
pub(super) struct Session {
    pub(super) server: Child,
    pub(super) input: ChildStdin,
    pub(super) output: BufReader<ChildStdout>,
}

impl Session {
    /// Starts the server.
    pub(super) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.stderr(Stdio::null()).spawn().expect("it starts");
        let input = server.stdin.take().expect("it has an input");
        let output = server.stdout.take().expect("it has an output");
        Self {
            server,
            input,
            output: BufReader::new(output),
        }
    }

    /// Starts the server, and initializes the session.
    pub(super) fn new(server: Command) -> Self {
        let mut session = Self::start(server);
        let client = json!({ "name": "test", "version": "1" });
        let version = "2025-06-18";
        let begun = session.request(
            "initialize",
            &json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client }),
        );
        let begun = &begun["result"];
        assert_eq!(begun["protocolVersion"], version);
        assert_eq!(begun["serverInfo"]["name"], "cargo-hubspot");
        assert!(begun["capabilities"]["tools"].is_object(), "{begun}");
        session
            .send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        session
    }

    pub(super) fn send(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("the server reads");
    }

    /// Sends a request and returns the response, which is the next line.
    pub(super) fn request(&mut self, method: &str, params: &Value) -> Value {
        let id = "a request";
        self.send(
            &json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string(),
        );
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        let response: Value = serde_json::from_str(&line).expect("it answers in JSON");
        assert_eq!(response["id"], id, "{response}");
        response
    }

    /// Calls a tool; returns the text, the structured output, and whether it is an error.
    fn call(&mut self, tool: &str, arguments: &Value) -> (String, Value, bool) {
        let params = json!({ "name": tool, "arguments": arguments });
        let response = self.request("tools/call", &params);
        let result = &response["result"];
        let text = result["content"][0]["text"].as_str();
        let text = text.unwrap_or_else(|| panic!("no text: {response}"));
        let is_error = result["isError"].as_bool().unwrap_or_default();
        (
            text.to_owned(),
            result["structuredContent"].clone(),
            is_error,
        )
    }

    /// Closes the input: the server ends, and has printed nothing more.
    pub(super) fn end(mut self) {
        drop(self.input);
        let status = self.server.wait().expect("it ends");
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("it is text");
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""));
    }
}

/// The server of a workspace.
pub(super) fn server(workspace: &Workspace) -> Command {
    let mut command = workspace.hubspot(&["mcp", "--offline", "--quiet"]);
    command.env("CARGO_TARGET_DIR", shared_target());
    command
}

/// The server in a folder that is part of no workspace: those of tests may be below this one.
pub(super) fn nowhere(name: &str) -> Command {
    let mut command = server(&Workspace::new(&format!("mcp/{name}"), &[]));
    command.current_dir(std::env::temp_dir());
    command
}

#[test]
fn tools_look_up_scopes_with_output_of_their_schema() {
    let mut session = Session::new(nowhere("lookup"));
    let listed = session.request("tools/list", &json!({}));
    let tools = listed["result"]["tools"]
        .as_array()
        .expect("a list")
        .clone();
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].clone()).collect();
    assert_eq!(
        names,
        ["operation_scopes", "scope_operations", "audit_workspace"]
    );
    for tool in &tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{tool}");
    }
    let is_valid =
        |at: usize, output: &Value| jsonschema::is_valid(&tools[at]["outputSchema"], output);

    let (text, output, _) = session.call(
        names[0].as_str().unwrap_or_default(),
        &json!({ "operation": "line_items.create" }),
    );
    assert!(
        text.starts_with("line_items.create  POST /crm/objects/2026-09/line_items\n"),
        "{text}"
    );
    assert!(is_valid(0, &output) && !is_valid(0, &json!({})), "{output}");
    let first = &output["operations"][0];
    assert_eq!(first["call"], "client.line_items().create(…)");
    assert_eq!(
        first["alternatives"],
        json!([
            { "scopes": ["crm.objects.line_items.write"], "login": null },
            { "scopes": ["e-commerce"], "login": null },
        ])
    );

    let (text, output, _) = session.call("scope_operations", &json!({ "scope": "e-commerce" }));
    assert!(
        text.starts_with("e-commerce\n\n") && is_valid(1, &output),
        "{text}"
    );
    let operations = output["operations"].as_array().cloned().unwrap_or_default();
    let create = operations
        .iter()
        .find(|one| one["operation"] == "line_items.create");
    let create = create.expect("it is used for it");
    assert_eq!(create["instead"], json!([["crm.objects.line_items.write"]]));
    session.end();
}

#[test]
fn an_operation_has_several_names() {
    let mut session = Session::new(nowhere("names"));
    for (name, operations) in [
        ("v3.contacts.list", &["v3.contacts.list"][..]),
        (
            "GET https://api.hubapi.com/crm/v3/objects/contacts/17?archived=true",
            &["v3.contacts.get"],
        ),
        ("post /crm/v3/objects/contacts", &["v3.contacts.create"]),
    ] {
        let (_, output, _) = session.call("operation_scopes", &json!({ "operation": name }));
        let found = output["operations"].as_array().cloned().unwrap_or_default();
        let found: Vec<_> = found.iter().map(|one| one["operation"].clone()).collect();
        assert_eq!(found, operations, "{name}");
    }
    session.end();
}

/// Tools, arguments that they do not take, and what the error has to say.
fn bad_calls() -> [(&'static str, Value, &'static str); 10] {
    [
        (
            "operation_scopes",
            json!({ "operation": "contacts.lst" }),
            "no operation is called `contacts.lst`; near it are `contacts.list`",
        ),
        (
            "operation_scopes",
            json!({ "operation": "GET /crm/v3/object/contacts" }),
            "no operation has the path `/crm/v3/object/contacts`; near it are `/crm/v3/objects/contacts`",
        ),
        (
            "operation_scopes",
            json!({ "operation": "https://example.com/crm/v3/objects/contacts" }),
            "`example.com` is no host of HubSpot's API: that is `api.hubapi.com`",
        ),
        (
            "operation_scopes",
            json!({ "operation": "tickets" }),
            "`tickets` is a scope: call the tool `scope_operations`",
        ),
        (
            "operation_scopes",
            json!({ "name": "contacts.list" }),
            "unknown field `name`, expected `operation`",
        ),
        ("operation_scopes", json!({}), "missing field `operation`"),
        (
            "scope_operations",
            json!({ "scope": "crm.object.contacts.read" }),
            "HubSpot has no scope `crm.object.contacts.read`; near it are `crm.objects.contacts.read`",
        ),
        (
            "scope_operations",
            json!({ "scope": "contacts.list" }),
            "`contacts.list` is an operation: call the tool `operation_scopes`",
        ),
        (
            "audit_workspace",
            json!({ "packages": "all" }),
            "expected a sequence",
        ),
        (
            "audit_workspace",
            json!({}),
            "start `cargo hubspot mcp` in the folder of the workspace, or with `--manifest-path`",
        ),
    ]
}

#[test]
fn a_bad_call_is_told_what_to_do() {
    let mut session = Session::new(nowhere("bad"));
    for (tool, arguments, fault) in bad_calls() {
        let (text, output, is_error) = session.call(tool, &arguments);
        assert!(
            is_error && output.is_null() && text.contains(fault),
            "{tool} {arguments}: {text}"
        );
    }
    let unknown = session.request(
        "tools/call",
        &json!({ "name": "delete_scopes", "arguments": {} }),
    );
    assert_eq!(unknown["error"]["code"], -32602);
    assert_eq!(
        unknown["error"]["message"],
        "no tool is called `delete_scopes`; there are `operation_scopes`, `scope_operations`, `audit_workspace`"
    );
    session.end();
    // A client that leaves at once is no error.
    Session::start(nowhere("left")).end();
}

#[test]
fn calls_and_features_are_those_of_the_client() {
    let mut session = Session::new(nowhere("features"));
    for (name, call, features) in [
        ("contacts.get", "client.contacts().get(…)", json!([])),
        (
            "v3.contacts.list",
            "client.v3().contacts().list()",
            json!(["v3"]),
        ),
        (
            "v2026_03.associations.set",
            "client.v2026_03().associations().set(…)",
            json!(["v2026-03"]),
        ),
        (
            "cms.posts.list",
            "client.cms().posts().list()",
            json!(["cms-posts"]),
        ),
        ("objects.list", "client.objects(\"…\").list()", json!([])),
        (
            "GET /crm/objects/2026-09/p123_car/17",
            "client.objects(\"p123_car\").get(…)",
            json!([]),
        ),
    ] {
        let (text, output, _) = session.call("operation_scopes", &json!({ "operation": name }));
        let first = &output["operations"][0];
        assert_eq!(
            (&first["call"], &first["features"]),
            (&json!(call), &features),
            "{name}: {text}"
        );
    }
    session.end();
}

#[test]
fn the_workspace_is_audited() {
    let repository = Repository::new("mcp");
    let source = repository.read("src/lib.rs");
    let declared = source.replace("\"oauth\", ", "\"oauth\", \"crm.objects.deals.read\", ");
    assert_ne!(source, declared);
    repository.workspace.write("src/lib.rs", &declared);
    let mut session = Session::new(server(&repository.workspace));
    let (text, output, is_error) = session.call("audit_workspace", &json!({}));
    assert!(
        !is_error && text.contains("warning[unused]") && !text.contains('\u{1b}'),
        "{text}"
    );
    assert_eq!(output["workspace"], ".");
    let package = &output["packages"][0];
    assert_eq!(package["name"], "acme-mcp");
    let unused = output["findings"].as_array().cloned().unwrap_or_default();
    let unused = unused
        .iter()
        .find(|one| one["kind"] == "unused")
        .expect("it is found");
    assert_eq!(
        (&unused["level"], &unused["file"]),
        (&json!("warning"), &json!("src/lib.rs"))
    );
    assert!(
        unused["message"]
            .to_string()
            .contains("crm.objects.deals.read"),
        "{unused}"
    );

    let (text, _, is_error) = session.call("audit_workspace", &json!({ "packages": ["acme"] }));
    assert!(
        is_error && text.contains("no package of this workspace has the name `acme`"),
        "{text}"
    );
    // The same session sees the code as it is now.
    let broken = format!("{source}\nfn f() -> u8 {{ \"text\" }}\n");
    repository.workspace.write("src/lib.rs", &broken);
    let (text, _, is_error) = session.call("audit_workspace", &json!({}));
    assert!(
        is_error && text.contains("error[E0308]: mismatched types"),
        "{text}"
    );
    session.end();
    assert_eq!(repository.read("src/lib.rs"), broken);
}
