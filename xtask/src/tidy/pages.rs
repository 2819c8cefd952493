//! Checks that each published crate contains the licences, and a README without relative links.

use std::path::Path;

use anyhow::Result;

use crate::{files, package::CRATES};

/// Compares each crate's files with those at the root.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let read = |path: &str| files::read(&root.join(path));
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

/// The targets of links that are not absolute.
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
    fn relative_links_are_found() {
        let text = "[a](https://docs.rs/a) [b](docs/b.md) [c](#c) array[i](x)";
        assert_eq!(relative_links(text), ["docs/b.md", "x"]);
    }
}
