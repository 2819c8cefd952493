//! Pulls from folders and from a server on this machine, which also fails in the ways of real ones.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubspot_codegen::load::MAX_BYTES;

use super::*;

fn document(title: &str, version: &str, path: &str) -> String {
    format!(
        r#"{{"openapi": "3.0.1", "info": {{"title": "{title}", "version": "{version}"}}, "paths": {{"{path}": {{}}}}}}"#
    )
}

fn deals() -> String {
    document("Deals", "v3", "/crm/v3/objects/deals")
}

fn owners() -> String {
    document("CRM Owners", "v3", "/crm/v3/owners")
}

fn wanted() -> BTreeMap<String, Expected> {
    let expected = |api: &str, path: &str| Expected {
        api: api.to_owned(),
        version: "v3".to_owned(),
        paths: [path.to_owned()].into(),
    };
    BTreeMap::from([
        (
            "v3/deals.json".to_owned(),
            expected("deals", "/crm/v3/objects/deals"),
        ),
        (
            "v3/owners.json".to_owned(),
            expected("owners", "/crm/v3/owners"),
        ),
    ])
}

/// Answers of a server by path: raw HTTP.
type Answers = Arc<Mutex<BTreeMap<&'static str, String>>>;

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A server on this machine, and the paths that were asked for.
fn serve(answers: &Answers) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (answers, log) = (Arc::clone(answers), Arc::clone(&asked));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let answer = answers.lock().unwrap().get(path.as_str()).cloned();
            let missing =
                "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            stream
                .write_all(answer.as_deref().unwrap_or(missing).as_bytes())
                .unwrap();
            log.lock().unwrap().push(path);
        }
    });
    (base, asked)
}

fn pull_from(base: &str, to: &Path) -> Result<()> {
    pull(
        &Source::server(base, Duration::from_secs(5))?,
        base,
        &wanted(),
        to,
    )
}

/// Answers for the second document that are wrong, each with its message.
fn faults() -> [(Option<String>, &'static str); 8] {
    let broken = ok(&owners()).replace("Content-Length: ", "Content-Length: 9");
    let other = ok(&document("Lists", "v3", "/crm/v3/lists"));
    let newer = ok(&owners().replace("\"v3\"", "\"2026-09\""));
    [
        (
            None,
            "owners.json: the server does not have it: check --from",
        ),
        (
            Some(broken),
            "owners.json: the connection failed: run the same command again",
        ),
        (
            Some(ok(&" ".repeat(MAX_BYTES + 1))),
            "owners.json has more than 32000000 bytes, which no document has: check --from",
        ),
        (
            Some(ok("<!DOCTYPE html><html>Log in</html>")),
            "owners.json: this is not the document: HTML or XML",
        ),
        (
            Some(ok("{\"swagger\": \"2.0\"}")),
            "owners.json: this is not the document: a file that does not say `openapi: 3`",
        ),
        (
            Some(ok("{\"openapi\"")),
            "owners.json: the file is not JSON",
        ),
        (
            Some(other),
            "owners.json: this is not the document: `Lists`, which has none of the paths of `owners`",
        ),
        (
            Some(newer),
            "owners.json: this is not the document: `CRM Owners` of version `2026-09`, and not `v3`",
        ),
    ]
}

#[test]
fn a_server_that_fails_changes_nothing_and_the_next_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("published");
    let answers = Answers::default();
    let (base, asked) = serve(&answers);
    answers
        .lock()
        .unwrap()
        .insert("/v3/deals.json", ok(&deals()));
    for (answer, message) in faults() {
        answers.lock().unwrap().remove("/v3/owners.json");
        if let Some(answer) = answer {
            answers.lock().unwrap().insert("/v3/owners.json", answer);
        }
        let error = format!("{:#}", pull_from(&base, &to).unwrap_err());
        assert!(error.contains(message), "{message}: {error}");
        assert!(
            error.contains("1 of 2 documents could not be pulled"),
            "{error}"
        );
        assert!(!to.exists());
    }
    answers
        .lock()
        .unwrap()
        .insert("/v3/owners.json", ok(&owners()));
    pull_from(&base, &to).unwrap();
    assert_eq!(files::read(&to.join("v3/deals.json")).unwrap(), deals());
    assert_eq!(files::read(&to.join("v3/owners.json")).unwrap(), owners());
    // The first run has fetched it, and no other one has.
    let deals = asked
        .lock()
        .unwrap()
        .iter()
        .filter(|path| *path == "/v3/deals.json")
        .count();
    assert_eq!(deals, 1);
    assert!(!beside(&to, "pulling").exists());
}

#[test]
fn the_old_copy_is_kept_until_all_have_arrived_and_beside_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("published");
    let answers = Answers::default();
    let (base, _) = serve(&answers);
    let set = |path, text: &str| drop(answers.lock().unwrap().insert(path, ok(text)));
    set("/v3/deals.json", &deals());
    set("/v3/owners.json", &owners());
    pull_from(&base, &to).unwrap();
    let changed = owners().replace("CRM Owners", "Owners");
    set("/v3/owners.json", &changed);
    answers.lock().unwrap().remove("/v3/deals.json");
    let error = pull_from(&base, &to).unwrap_err().to_string();
    assert!(error.contains("published is as it was"), "{error}");
    assert_eq!(files::read(&to.join("v3/owners.json")).unwrap(), owners());
    set("/v3/deals.json", &deals());
    pull_from(&base, &to).unwrap();
    assert_eq!(files::read(&to.join("v3/owners.json")).unwrap(), changed);
    let previous = beside(&to, "previous");
    assert_eq!(
        files::read(&previous.join("v3/owners.json")).unwrap(),
        owners()
    );
    let (old, new) = (
        Lock::read(&previous).unwrap(),
        Lock::read(&to).unwrap().unwrap(),
    );
    assert_eq!(
        new.compared_with(old.as_ref()),
        "0 new, 1 changed, 1 as before"
    );
    assert!(new.has(&to, "v3/deals.json"));
    files::write(&to.join("v3/deals.json"), "{}").unwrap();
    assert!(!new.has(&to, "v3/deals.json"));
}

#[test]
fn a_checkout_is_searched_for_what_is_at_another_place() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (
        folder.path().join("checkout"),
        folder.path().join("published"),
    );
    let write = |path: &str, text: &str| files::write(&from.join(path), text).unwrap();
    write(
        "PublicApiSpecs/CRM/Deals/Rollouts/424/v3/deals.json",
        &deals(),
    );
    write(
        "PublicApiSpecs/CRM/CRM Owners/Rollouts/1/v3/crmOwners.json",
        &owners(),
    );
    write("package.json", "{\"name\": \"collection\"}");
    let name = from.to_str().unwrap();
    pull(&Source::open(name).unwrap(), name, &wanted(), &to).unwrap();
    assert_eq!(files::read(&to.join("v3/owners.json")).unwrap(), owners());

    let source = Source::open(name).unwrap();
    let all = source.list().unwrap();
    assert_eq!(all.len(), 2, "{all:?}");
    write("copy/deals.json", &deals());
    let error = pull(&Source::open(name).unwrap(), name, &wanted(), &to)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("could both be `deals` of version v3"),
        "{error}"
    );
    fs::remove_dir_all(&from).unwrap();
    write("copy/owners.json", &owners());
    let error = pull(&Source::open(name).unwrap(), name, &wanted(), &to)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("no other document there is `deals` of version v3"),
        "{error}"
    );
}

#[test]
fn a_folder_with_a_document_that_is_too_large_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from");
    files::write(&from.join("v3/deals.json"), &deals()).unwrap();
    let large = owners() + &" ".repeat(MAX_BYTES);
    files::write(&from.join("v3/owners.json"), &large).unwrap();
    let name = from.to_str().unwrap();
    let to = folder.path().join("published");
    let error = pull(&Source::open(name).unwrap(), name, &wanted(), &to);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("and at most 32000000 are read"), "{error}");
}

#[test]
fn folders_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("published");
    files::write(&to.join("notes.txt"), "mine").unwrap();
    let source = Source::open(folder.path().to_str().unwrap()).unwrap();
    let error = pull(&source, "here", &wanted(), &to)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("was not written by this task: pass --to another folder"),
        "{error}"
    );
    for beside in ["new.pulling", "new.previous"] {
        let notes = folder.path().join(beside).join("notes.txt");
        files::write(&notes, "mine").unwrap();
        let error = pull(&source, "here", &wanted(), &folder.path().join("new"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&format!("{beside} has files and no pull.lock")),
            "{error}"
        );
        assert_eq!(files::read(&notes).unwrap(), "mine");
        files::remove(notes.parent().unwrap()).unwrap();
    }
    let outside = BTreeMap::from([("../x.json".to_owned(), Expected::default())]);
    let error = pull(&source, "here", &outside, &folder.path().join("new"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("outside of its folder"), "{error}");
    assert!(Source::open("nowhere/at/all").is_err());
}

#[test]
fn all_of_a_server_is_what_its_lock_lists() {
    let folder = tempfile::tempdir().unwrap();
    let answers = Answers::default();
    let (base, _) = serve(&answers);
    let source = Source::server(&base, Duration::from_secs(5)).unwrap();
    let error = format!("{:#}", source.list().unwrap_err());
    assert!(error.contains("pull from a git checkout"), "{error}");
    answers
        .lock()
        .unwrap()
        .insert("/v3/deals.json", ok(&deals()));
    answers
        .lock()
        .unwrap()
        .insert("/v3/owners.json", ok(&owners()));
    let to = folder.path().join("published");
    pull_from(&base, &to).unwrap();
    let lock = files::read(&to.join(lock::NAME)).unwrap();
    answers.lock().unwrap().insert("/pull.lock", ok(&lock));
    assert_eq!(source.list().unwrap(), ["v3/deals.json", "v3/owners.json"]);
}

#[test]
fn every_published_document_is_one_of_those_that_are_expected() {
    let wanted = expected(&inputs::config().unwrap()).unwrap();
    assert!(wanted.len() > 40);
    assert!(wanted.values().all(|expected| !expected.paths.is_empty()));
    let folder = workspace::published(None);
    if !folder.is_dir() {
        eprintln!(
            "skipped: {} is missing; set HUBSPOT_PUBLISHED",
            folder.display()
        );
        return;
    }
    for (path, expected) in &wanted {
        let publication = Publication::read(path, &fs::read(folder.join(path)).unwrap()).unwrap();
        publication.check(path, expected).unwrap();
    }
}
