//! The output of the tests shows no secret.

use std::process::Command;
use std::sync::Once;

/// Set in a run whose output is read.
const LOUD: &str = "HUBSPOT_TEST_LOG";

/// Prints every event and span there is, in such a run.
pub(crate) fn log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if std::env::var_os(LOUD).is_some() {
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
                .with_writer(std::io::stderr)
                .init();
        }
    });
}

#[test]
fn the_output_of_all_tests_shows_no_secret() {
    if std::env::var_os(LOUD).is_some() {
        return;
    }
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args(["--nocapture", "--skip", "processes::"])
        .env(LOUD, "1")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(
        output.status.success(),
        "a test fails when its output is read"
    );
    assert!(text.contains("hubspot.request{"), "the log is on");
    assert!(text.contains("the token was refreshed"), "the log is on");
    let shown: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("hidden"))
        .collect();
    assert!(shown.is_empty(), "{shown:#?}");
}
