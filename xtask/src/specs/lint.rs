//! `cargo xtask specs lint`: the known faults of HubSpot's documents, each with the overlay action that mends it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use hubspot_codegen::corpus::catalogue;
use hubspot_codegen::lint::lint;
use hubspot_codegen::load::{Source, parse};

use crate::corpus;

/// Options of `cargo xtask specs lint`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folders with documents, at any depth, or documents
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
}

/// Prints the faults. Finding some is no failure: HubSpot's documents have many.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    print!("{}", report(&corpus::documents(&arguments.folders)?)?);
    Ok(())
}

fn report(paths: &[String]) -> Result<String> {
    let (clients, unreadable) = catalogue(paths, &|path| fs::read(path));
    let mut text = String::new();
    for error in &unreadable {
        let _ = writeln!(text, "{error}");
    }
    let (mut documents, mut faults) = (0, unreadable.len());
    for client in clients {
        for (api, path) in client.documents {
            let value = parse(&path, &fs::read(&path)?)?;
            let (version, shared) = (client.version.clone(), false);
            let source = Source {
                api,
                version,
                path,
                shared,
                value,
            };
            for finding in lint(&source) {
                let _ = writeln!(text, "{}: {}", finding.place, finding.fault);
                if let Some(action) = finding.action() {
                    let _ = writeln!(text, "  - {action}");
                }
                faults += 1;
            }
            documents += 1;
        }
    }
    let _ = writeln!(text, "{faults} known faults in {documents} documents");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn faults_are_listed_with_their_actions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("things.json");
        let document = r#"{"openapi": "3.0.1", "info": {"version": "v3"}, "paths": {"/things/v3": {"get": {
            "responses": {"204": {"description": "."}}}}}}"#;
        files::write(&path, document).unwrap();
        files::write(&folder.path().join("broken.json"), "{").unwrap();
        let text = report(&corpus::documents(&[folder.path().to_path_buf()]).unwrap()).unwrap();
        assert!(text.contains("broken.json: the file is not JSON"), "{text}");
        assert!(
            text.contains("things.json#/paths/~1things~1v3/get: no `security`"),
            "{text}"
        );
        assert!(
            text.contains(r#"  - {"description":"no `security`"#),
            "{text}"
        );
        assert!(
            text.contains(r#""target":"$['paths']['/things/v3']['get']""#),
            "{text}"
        );
        assert!(text.ends_with("2 known faults in 1 documents\n"), "{text}");
    }
}
