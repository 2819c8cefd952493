//! The key of a token file in a keyring: in GNOME's, in a session of this test's own, and where there is none.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use hubspot_generated::oauth::{FileStore, TokenKey, TokenKeys, TokenStore};

use crate::hub::ACCOUNT;
use crate::stores::record;

/// Set in a process that looks for a keyring: the folder for its tokens.
const FOLDER: &str = "HUBSPOT_TEST_KEYRING";

/// Runs one of the ignored tests below, with `words` before its command and a home of its own.
fn run(words: &[&str], test: &str, home: &Path) -> Output {
    let program = std::env::current_exe().unwrap();
    let words = words.iter().map(OsStr::new).chain([program.as_os_str()]);
    let mut words = words.chain(["--exact", "--ignored", "--nocapture", test].map(OsStr::new));
    Command::new(words.next().unwrap())
        .args(words)
        .env(FOLDER, home)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    let text = [&*output.stdout, &*output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn a_key_in_the_keyring_is_the_same_for_every_process() {
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        let installed = Command::new(program).arg("--version").output();
        if !installed.is_ok_and(|output| output.status.success()) {
            eprintln!(
                "SKIPPED: no `{program}` on the PATH; install Debian's `dbus` and `gnome-keyring`"
            );
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    // The daemon reads the password of a new keyring, and unlocks it.
    let unlock = "printf hidden-password | gnome-keyring-daemon --unlock --components=secrets > /dev/null && exec \"$0\" \"$@\"";
    for test in ["keyring::tokens_are_saved", "keyring::tokens_are_there"] {
        let session = ["dbus-run-session", "--", "sh", "-c", unlock];
        let output = run(&session, test, home.path());
        let told = told(&output);
        assert!(output.status.success(), "{told}");
        assert!(told.contains("1 passed"), "{told}");
    }
    let kept = std::fs::read_dir(home.path().join("keyrings")).unwrap();
    assert!(
        kept.count() > 0,
        "the key is in GNOME's keyring, not elsewhere"
    );
}

#[test]
fn without_a_keyring_that_is_said() {
    let home = tempfile::tempdir().unwrap();
    let output = run(&[], "keyring::there_is_none", home.path());
    assert!(output.status.success(), "{}", told(&output));
    assert!(told(&output).contains("1 passed"));
}

/// The store whose key is in the keyring; `None` in a run that is not one of the above.
fn store() -> Option<FileStore> {
    let folder = std::env::var_os(FOLDER)?;
    let key = TokenKey::from_keyring("hubspot-test", "tokens").unwrap();
    let again = TokenKey::from_keyring("hubspot-test", "tokens").unwrap();
    assert_eq!(key.id(), again.id());
    let other = TokenKey::from_keyring("hubspot-test", "others").unwrap();
    assert_ne!(key.id(), other.id());
    let path = Path::new(&folder).join("tokens.json");
    Some(FileStore::open(path, TokenKeys::new(key)).unwrap())
}

#[tokio::test]
#[ignore = "runs in a session of its own"]
async fn tokens_are_saved() {
    if let Some(store) = store() {
        store.save(&record(ACCOUNT, 0)).await.unwrap();
    }
}

#[tokio::test]
#[ignore = "runs in a session of its own"]
async fn tokens_are_there() {
    if let Some(store) = store() {
        let found = store.load(ACCOUNT).await.unwrap().unwrap();
        assert_eq!(found, record(ACCOUNT, 0));
    }
}

#[test]
#[ignore = "runs where no keyring is"]
fn there_is_none() {
    if std::env::var_os(FOLDER).is_some() {
        let error = TokenKey::from_keyring("hubspot-test", "tokens").unwrap_err();
        assert!(
            error.to_string().starts_with("the keyring cannot be used"),
            "{error}"
        );
    }
}
