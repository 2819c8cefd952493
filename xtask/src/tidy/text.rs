//! Checks that every file opens with `//!` and contains no unfinished code.

use super::Source;

/// Calls that mark unfinished code.
const OPEN: [&str; 3] = ["todo!(", "unimplemented!(", "dbg!("];

pub(super) fn faults(source: &Source<'_>) -> Vec<String> {
    let Source { path, text } = source;
    let mut faults = Vec::new();
    if source.is_case() {
        return faults;
    }
    if !text.starts_with("//!") && !text.starts_with("#!/") {
        faults.push(format!(
            "{path}: does not open with `//!` and a line on what the file is for"
        ));
    }
    for marker in OPEN {
        if !path.contains("/tidy/") && text.contains(marker) {
            faults.push(format!("{path}: contains `{marker}`"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::{super::source, faults};

    #[test]
    fn a_file_without_module_docs_is_reported() {
        let count = |text| faults(&source("a/src/lib.rs", text)).len();
        assert_eq!(count("//! Good.\n"), 0);
        assert_eq!(count("fn main() {}\n"), 1);
    }

    #[test]
    fn unfinished_code_is_reported() {
        let text = "//! A.\nfn a() { todo!() }\n";
        assert_eq!(faults(&source("a/src/lib.rs", text)).len(), 1);
        assert!(faults(&source("a/tests/client/case/x.rs", text)).is_empty());
    }
}
