//! What `cargo hubspot mcp` does with lines that are no requests, and at the end of its input.

use std::io::{BufRead as _, Read as _, Write as _};

use serde_json::{Value, json};

use super::mcp::{Session, nowhere, server};
use super::repository::Repository;

/// Sends a line, and returns the error that is the next one.
fn refused(session: &mut Session, line: &str) -> Value {
    session.send(line);
    let mut line = String::new();
    session.output.read_line(&mut line).expect("it answers");
    let response: Value = serde_json::from_str(&line).expect("it answers in JSON");
    json!([
        response["id"],
        response["error"]["code"],
        response["error"]["message"]
    ])
}

/// Messages that are no requests, and the id, the code and the text of the error.
const BAD_LINES: [(&str, &str); 9] = [
    ("not JSON", r#"[null, -32700, "not JSON, at column 2"]"#),
    (
        r#"{"jsonrpc": "#,
        r#"[null, -32700, "not JSON, at column 11"]"#,
    ),
    ("[]", r#"[null, -32600, "not a message of JSON-RPC 2.0"]"#),
    (
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"[1, -32600, "not a message of JSON-RPC 2.0"]"#,
    ),
    (
        r#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#,
        r#"["a", -32600, "not a message of JSON-RPC 2.0"]"#,
    ),
    (
        r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
        r#"[null, -32600, "not a message of JSON-RPC 2.0"]"#,
    ),
    (
        r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"nme":"x"}}"#,
        r#"[2, -32602, "the parameters are not those of `tools/call`"]"#,
    ),
    (
        r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"x","arguments":[]}}"#,
        r#"[3, -32602, "the parameters are not those of `tools/call`"]"#,
    ),
    (
        r#"{"jsonrpc":"2.0","id":4,"method":"scopes/list"}"#,
        r#"[4, -32601, "scopes/list"]"#,
    ),
];

#[test]
fn a_bad_line_has_the_error_of_json_rpc() {
    let mut session = Session::start(nowhere("lines"));
    let early = refused(
        &mut session,
        r#"{"jsonrpc":"2.0","id":9,"method":"tools/list"}"#,
    );
    assert_eq!(
        early,
        json!([9, -32600, "the first request has to be `initialize`"])
    );
    session.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    let pong = session.request("ping", &json!({}));
    assert!(pong["result"].is_object(), "{pong}");
    let bad = refused(
        &mut session,
        r#"{"jsonrpc":"2.0","id":8,"method":"initialize","params":{}}"#,
    );
    assert_eq!(
        bad,
        json!([8, -32602, "the parameters are not those of `initialize`"])
    );
    session.end();

    let mut session = Session::new(nowhere("more_lines"));
    for (line, expected) in BAD_LINES {
        let expected: Value = serde_json::from_str(expected).expect("it is JSON");
        assert_eq!(refused(&mut session, line), expected, "{line}");
    }
    // A notification has no response, and neither has an empty line.
    session.send(r#"{"jsonrpc":"2.0","method":"scopes/changed","params":3}"#);
    session.send("");
    let pong = session.request("ping", &json!({}));
    assert!(pong["result"].is_object(), "{pong}");
    session.end();
}

#[test]
fn a_tool_that_runs_when_the_input_ends_has_its_response() {
    let repository = Repository::new("mcp-end");
    let mut session = Session::new(server(&repository.workspace));
    // The last line has no end.
    let call =
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"audit_workspace"}}"#;
    write!(session.input, "{call}").expect("the server reads");
    drop(session.input);
    let mut rest = String::new();
    session
        .output
        .read_to_string(&mut rest)
        .expect("it is text");
    let response: Value = serde_json::from_str(&rest).expect("it answers in JSON");
    let output = &response["result"]["structuredContent"];
    assert_eq!(output["packages"][0]["name"], "acme-mcp-end", "{response}");
    assert!(session.server.wait().expect("it ends").success());
}
