//! Writes the types and the lock file, all of them or none.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result};
use hubspot_codegen::folder::{self, Difference};
use hubspot_codegen::records::{self, MARK};

use super::lock::Lock;
use crate::output::print;

/// Writes the lock file, and the types to the folder `out`. Prints which files changed.
pub(super) fn write(lock: &Lock, lock_file: &Path, out: Option<&Path>) -> Result<()> {
    let mut wanted = BTreeMap::new();
    let mut differences = Vec::new();
    if let Some(out) = out {
        let files = records::generate(&lock.objects, &lock.style)?;
        folder::only_generated(out, MARK)?;
        for difference in folder::compare(out, &files)? {
            differences.push(match difference {
                Difference::Stale(name) => Difference::Stale(text(&out.join(name))?),
                Difference::Missing(name) => Difference::Missing(text(&out.join(name))?),
                Difference::Orphaned(name) => Difference::Orphaned(text(&out.join(name))?),
            });
        }
        for (name, file) in files {
            wanted.insert(text(&out.join(name))?, file);
        }
    }
    let (path, content) = (text(lock_file)?, lock.text()?);
    match fs::read(lock_file) {
        Ok(bytes) if bytes == content.as_bytes() => {}
        Ok(_) => differences.push(Difference::Stale(path.clone())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            differences.push(Difference::Missing(path.clone()));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read `{path}`")),
    }
    wanted.insert(path, content);
    folder::update(Path::new("."), &wanted, &differences)?;
    let lines = differences.iter();
    let mut lines: Vec<_> = lines.map(done).collect();
    lines.push(match differences.len() {
        0 => "The types are up to date.".to_owned(),
        1 => "1 file was updated.".to_owned(),
        count => format!("{count} files were updated."),
    });
    print(&(lines.join("\n") + "\n"))
}

/// What was done about a difference.
fn done(difference: &Difference) -> String {
    let done = match difference {
        Difference::Stale(_) => "updated",
        Difference::Missing(_) => "wrote",
        Difference::Orphaned(_) => "removed",
    };
    format!("{done:<8}  {}", difference.path())
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str();
    let text = text.with_context(|| format!("`{}` is not UTF-8", path.display()))?;
    Ok(text.to_owned())
}
