//! Each crate that users install has a page of its own on its registry: a README without links that lead nowhere from
//! there, and the licences.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::package::CRATES;

/// Compares each crate's files with those at the root.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let read = |path: &str| {
        fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
    };
    let mut faults = Vec::new();
    for name in CRATES {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let path = format!("{name}/{licence}");
            if read(&path)? != read(licence)? {
                faults.push(format!("{path}: is not the {licence} of the workspace"));
            }
        }
        let path = format!("{name}/README.md");
        let links = relative_links(&read(&path)?);
        faults.extend(links.iter().map(|link| {
            format!("{path}: links to `{link}`, which is not there on the crate's page")
        }));
    }
    Ok(faults)
}

/// The targets of links that are no whole addresses.
fn relative_links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| !target.starts_with("https://") && !target.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::relative_links;

    #[test]
    fn links_into_the_repository_are_found() {
        let text = "[a](https://docs.rs/a) [b](docs/b.md) [c](#c) array[i](x)";
        assert_eq!(relative_links(text), ["docs/b.md", "x"]);
    }
}
