//! Opens the page of `--html` in Chromium, if it is installed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{audit, demo, texts};

/// Chromium: named by `CHROMIUM`, or on the path.
fn chromium() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

struct Browser {
    program: PathBuf,
    page: PathBuf,
}

impl Browser {
    /// Opens the page at a place with these arguments, and returns the output.
    fn open(&self, place: &str, arguments: &[&str]) -> String {
        let profile = tempfile::tempdir().unwrap();
        let output = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .args(["--window-size=1280,1400", "--virtual-time-budget=5000"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(arguments)
            .arg(format!("file://{}#{place}", self.page.display()))
            .output()
            .unwrap();
        let (stdout, stderr) = texts(&output);
        assert!(output.status.success(), "{stderr}");
        stdout
    }

    /// The operations whose rows are visible.
    fn shown(&self, place: &str) -> Vec<String> {
        let page = self.open(place, &["--dump-dom"]);
        let rows = page.split("<tr class=\"operation\"").skip(1);
        let visible = rows.filter(|row| {
            let (tag, _) = row.split_once('>').unwrap();
            !tag.contains("hidden")
        });
        let operation = |row: &str| {
            let (_, rest) = row.split_once("data-operation=\"").unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        visible.map(operation).collect()
    }
}

#[test]
fn the_matrix_is_shown_and_the_filter_works() {
    let Some(program) = chromium() else {
        eprintln!("skipped: there is no Chromium on the path");
        return;
    };
    let workspace = demo("page");
    let page = workspace.folder().join("audit.html");
    let output = audit(&workspace, &["--html", "audit.html"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", texts(&output).1);
    let text = fs::read_to_string(&page).unwrap();
    assert!(
        !text.contains("src=") && !text.contains("<link") && !text.contains("@import"),
        "the page asks the network for nothing"
    );

    let browser = Browser { program, page };
    assert_matrix(&browser);
    take_screenshots(&browser);
}

fn assert_matrix(browser: &Browser) {
    let all = browser.shown("");
    assert_eq!(
        all,
        [
            "associations.set_default",
            "companies.archive",
            "companies.create",
            "companies.list",
            "contacts.archive",
            "contacts.batch_upsert",
            "contacts.list",
            "contacts.search",
            "line_items.create",
            "schemas.create",
        ]
    );
    let whole = browser.open("", &["--dump-dom"]);
    assert_eq!(
        whole.matches("<th class=\"scope").count(),
        7,
        "a column for each scope"
    );
    assert_eq!(whole.matches("<th class=\"scope unused\"").count(), 1);
    assert!(whole.contains("10 of 10 operations"));

    assert_eq!(browser.shown("filter=schemas"), ["schemas.create"]);
    assert_eq!(
        browser.shown("filter=companies.write+archive_everything"),
        ["companies.archive"],
        "every word counts: a scope, a function"
    );
    assert_eq!(browser.shown("filter=nowhere"), Vec::<String>::new());
}

fn take_screenshots(browser: &Browser) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, scheme) in [("light", 1), ("dark", 0)] {
        let file = folder.join(format!("audit-page-{name}.png"));
        browser.open(
            "open=associations.set_default",
            &[
                &format!("--screenshot={}", file.display()),
                &format!("--blink-settings=preferredColorScheme={scheme}"),
            ],
        );
        let picture = fs::read(&file).unwrap();
        assert!(picture.starts_with(b"\x89PNG"), "{}", file.display());
    }
}
