//! The program `hubspot-mock`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A program that runs, and is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_hubspot-mock"));
    program.args(arguments).stdin(Stdio::null());
    program
}

/// A file of this test with this text.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Starts it; gives the first lines that it writes, too.
fn start(arguments: &[&str], lines: usize) -> (Running, Vec<String>) {
    let mut program = program(arguments);
    let mut running = Running(program.stdout(Stdio::piped()).spawn().unwrap());
    let output = BufReader::new(running.0.stdout.take().unwrap());
    let lines = output.lines().take(lines).map(Result::unwrap);
    let lines = lines.collect();
    (running, lines)
}

fn list_contacts(url: &str, token: &str) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    let request = format!(
        "GET /crm/objects/2026-09/contacts HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Runs it to its end, which is an error; gives what it says.
fn refused(arguments: &[&str]) -> String {
    let output = program(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn without_a_seed_it_prints_a_token_with_every_scope() {
    let (_running, lines) = start(&["--port", "0"], 2);
    let url = lines[0].strip_prefix("Listening on ").unwrap();
    let (_, token) = lines[1].rsplit_once(' ').unwrap();
    let answer = list_contacts(url, token);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn it_starts_with_a_seed() {
    let seed = r#"{"accounts": [{"name": "acme", "tokens": [{"token": "t", "scopes": ["crm.objects.contacts.read"]}],
        "records": {"contacts": [{"email": "ada@example.com"}]}}]}"#;
    let path = file("seed.json", seed);
    let arguments = [
        "--port",
        "0",
        "--tier",
        "enterprise",
        "--seed",
        path.to_str().unwrap(),
    ];
    let (_running, lines) = start(&arguments, 1);
    let answer = list_contacts(lines[0].strip_prefix("Listening on ").unwrap(), "t");
    assert!(answer.contains("ada@example.com"), "{answer}");
    assert!(
        answer.contains("x-hubspot-ratelimit-daily: 1000000"),
        "{answer}"
    );
}

#[test]
fn the_seed_of_the_readme_is_valid() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo.json");
    let (_running, lines) = start(&["--port", "0", "--seed", path], 1);
    let url = lines[0].strip_prefix("Listening on ").unwrap();
    let answer = list_contacts(url, "pat-na1-demo");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("ada@example.com"),
        "{answer}"
    );
}

#[test]
fn an_invalid_seed_is_reported_with_its_place() {
    let path = file("bad.json", "{\n  \"account\": []\n}");
    let path = path.to_str().unwrap();
    let error = refused(&["--port", "0", "--seed", path]);
    let start = format!("cannot use the seed\n\nCaused by:\n    {path}: ");
    assert!(error.contains(&start), "{error}");
    assert!(
        error
            .contains("unknown field `account`, expected one of `apps`, `accounts`, `faults`, `randomSeed`, `searchLagMilliseconds`, `answers`, `invalidValues`, `conflictBody` at line 2 column 11"),
        "{error}"
    );
    let error = refused(&["--port", "0", "--seed", "/nowhere/seed.json"]);
    assert!(error.contains("cannot read /nowhere/seed.json"), "{error}");
    let path = file(
        "refused.json",
        r#"{"accounts": [{"name": "acme", "records": {"contacts": [{"emial": "a"}]}}]}"#,
    );
    let error = refused(&["--port", "0", "--seed", path.to_str().unwrap()]);
    let place = format!(
        r#"{}: line 1: account "acme", contacts[0]: "#,
        path.display()
    );
    for part in [
        "cannot start",
        "the seed cannot be used",
        &place,
        "correct its name, or define it in `properties` of the account",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn help_shows_the_usual_ways_and_a_seed_is_written_once() {
    let help = program(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for line in [
        "\n    hubspot-mock\n",
        "\n    hubspot-mock --seed seed.json\n",
        "\n    hubspot-mock --replay run.har\n",
    ] {
        assert!(help.contains(line), "{help}");
    }
    let path = file("written.json", "");
    std::fs::remove_file(&path).unwrap();
    let text = path.to_str().unwrap();
    let output = program(&["--write-seed", text]).output().unwrap();
    assert!(output.status.success());
    let (_running, lines) = start(&["--port", "0", "--seed", text], 1);
    let answer = list_contacts(
        lines[0].strip_prefix("Listening on ").unwrap(),
        "pat-na1-demo",
    );
    assert!(answer.contains("ada@example.com"), "{answer}");
    let error = refused(&["--write-seed", text]);
    assert!(error.contains("cannot create "), "a file is kept: {error}");
}

#[test]
fn a_recording_is_replayed_by_another_server() {
    let (seed, har) = (
        file(
            "recorded.json",
            r#"{"accounts": [{"name": "acme",
        "tokens": [{"token": "t", "scopes": ["crm.objects.contacts.read"]}], "records": {"contacts": [{"email": "ada@b.co"}]}}]}"#,
        ),
        file("program.har", ""),
    );
    let (seed, har) = (seed.to_str().unwrap(), har.to_str().unwrap());
    let url = |lines: &[String]| lines[0].strip_prefix("Listening on ").unwrap().to_owned();
    let (running, lines) = start(&["--port", "0", "--seed", seed, "--record", har], 1);
    let recorded = list_contacts(&url(&lines), "t");
    drop(running);
    let (_running, lines) = start(&["--port", "0", "--replay", har], 2);
    let (_, token) = lines[1].rsplit_once(' ').unwrap();
    let replayed = list_contacts(&url(&lines), token);
    assert!(replayed.contains("x-hubspot-mock: replay"), "{replayed}");
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&replayed), body(&recorded));
    let other = program(&["--pseudonymize", har]).output().unwrap();
    let other = String::from_utf8(other.stdout).unwrap();
    assert!(
        other.contains("@example.com") && !other.contains("ada@b.co"),
        "{other}"
    );
    std::fs::write(har, "{\"log\": {").unwrap();
    let error = refused(&["--port", "0", "--replay", har]);
    assert!(
        error.contains(&format!("{har}:1:9: EOF while parsing")),
        "{error}"
    );
}

#[test]
fn a_port_in_use_is_an_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let error = refused(&["--port", &port]);
    assert!(
        error.contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{error}"
    );
}

#[test]
fn a_reader_that_stops_reading_is_no_panic() {
    let archive = file("closed.har", r#"{"log": {"entries": []}}"#);
    let seed = archive.with_extension("json");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    for arguments in [
        vec!["--help".to_owned()],
        vec!["--write-seed".to_owned(), text(&seed)],
        vec!["--pseudonymize".to_owned(), text(&archive)],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let arguments = arguments.iter().map(String::as_str).collect::<Vec<_>>();
        let output = program(&arguments).stdout(writer).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), &*errors),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
    std::fs::remove_file(seed).unwrap();
}

#[test]
fn a_recording_does_not_replace_what_is_read() {
    const SEED: &str = r#"{"accounts": []}"#;
    let seed = file("recorded-seed.json", SEED);
    let path = seed.to_str().unwrap();
    let error = refused(&["--port", "0", "--seed", path, "--record", path]);
    let expected =
        format!("Error: --record would replace {path}, which this run reads: name another file\n");
    assert!(error.starts_with(&expected), "{error}");
    assert_eq!(std::fs::read_to_string(&seed).unwrap(), SEED);
}
