//! Seeds that are read from files.

use std::path::PathBuf;

use hubspot_mock::{MockHubSpot, Seed, StartError};
use serde_json::json;

/// A folder for a test, with files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("seed-files-{name}-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("app")).unwrap();
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

fn app(file: &str) -> String {
    let app = json!({"clientId": "id", "clientSecret": "s", "appFile": file});
    json!({"apps": [app], "accounts": [{"name": "acme"}]}).to_string()
}

#[tokio::test]
async fn an_app_has_the_settings_of_its_file() {
    let file = json!({"uid": "a", "type": "app", "config": {"auth": {
        "type": "oauth", "redirectUrls": ["http://localhost/a"], "requiredScopes": ["oauth", "crm.objects.contacts.read"],
    }}});
    let files = [
        ("seed.json", app("app/app-hsmeta.json")),
        ("app/app-hsmeta.json", file.to_string()),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let folder = folder("app", &files);
    let seed = Seed::load(folder.join("seed.json")).unwrap();
    let hubspot = MockHubSpot::builder().seed(seed).start().await.unwrap();
    let install = hubspot.account("acme").install("id").unwrap();
    let sent = reqwest::Client::new().get(format!("{}/crm/v3/objects/contacts", hubspot.url()));
    let answer = sent.bearer_auth(install.access_token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_bad_app_file_is_an_error_with_its_place() {
    let static_app = r#"{"type": "webhooks"}"#;
    for (name, text, expected) in [
        ("none.json", "", "No such file"),
        ("cut.json", "{", "EOF"),
        ("other.json", static_app, "app"),
    ] {
        let seed = app(name).replace('{', "{\n");
        let mut files = vec![("seed.json", seed.as_str())];
        if !text.is_empty() {
            files.push((name, text));
        }
        let folder = folder(name, &files);
        let error = Seed::load(folder.join("seed.json"))
            .unwrap_err()
            .to_string();
        let [seed, file] = ["seed.json", name].map(|name| folder.join(name));
        let (seed, file) = (seed.display(), file.display());
        let start = format!("{seed}: line 3: apps[0].appFile: {file}: ");
        let rest = error
            .strip_prefix(&start)
            .unwrap_or_else(|| panic!("{error}"));
        assert!(rest.contains(expected), "{error}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_seed_that_is_cut_off_says_so_wherever_it_ends() {
    let contacts = vec![json!({"email": "ada@b.co", "city": "München"}); 3];
    let seed = json!({"accounts": [{"name": "acme", "records": {"contacts": contacts}}]});
    let seed = serde_json::to_string_pretty(&seed).unwrap();
    let folder = folder("cut", &[]);
    let path = folder.join("seed.json");
    for end in (0..seed.len()).filter(|end| seed.is_char_boundary(*end)) {
        std::fs::write(&path, &seed[..end]).unwrap();
        let error = Seed::load(&path).unwrap_err().to_string();
        let line = seed[..end].split('\n').count();
        assert!(
            error.starts_with(&format!("{}: EOF while parsing", path.display())),
            "{error}"
        );
        assert!(
            error.contains(&format!(" at line {line} ")),
            "{end} {line}: {error}"
        );
        assert!(
            error.ends_with("; the text is cut off: write the whole seed again"),
            "{error}"
        );
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// The list of an account, with a filter on a property.
fn list(property: &str, operation: &str) -> String {
    let filter = format!(
        r#"{{"filterType": "PROPERTY", "property": "{property}", "operation": {{{operation}}}}}"#
    );
    let branch = format!(
        r#"{{"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [{filter}]}}"#
    );
    format!(
        r#""lists": [
        {{"name": "a", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": {branch}}}]"#
    )
}

/// An account with a part that HubSpot would refuse, from line 3 on.
fn account(part: &str) -> String {
    format!("{{\"accounts\": [\n{{\"name\": \"acme\",\n{part}}}]}}")
}

#[tokio::test]
async fn what_is_refused_has_file_line_and_remedy() {
    let is = r#""operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "many", "includeObjectsWithNoValueSet": false"#;
    let unknown = "There was a problem with the request: Property \"emial\" does not exist";
    let text = r#"\"many\" is not a number, as the type requires, of property \"num_notes\""#;
    let not_number = format!(
        r#"[{{"isValid":false,"message":"{text}","error":"INVALID_LONG","name":"num_notes","localizedErrorMessage":"{text}","portalId":0}}]"#
    );
    let define = "correct its name, or define it in `properties` of the account";
    for (seed, expected) in [
        (
            "{\"answers\": {\n\"contacts.lst\":\n{}}}".to_owned(),
            "line 3: answers: there is no operation \"contacts.lst\"; the nearest is `contacts.list`".to_owned(),
        ),
        (
            account(&list("emial", is)),
            format!("line 4: account \"acme\", lists[0]: {unknown}; {define}"),
        ),
        (
            account(&list("num_notes", is)),
            "line 4: account \"acme\", lists[0]: There was a problem with the request: \"many\" is not a value that property \"num_notes\" of type number can be compared with; write a value of the property's type".to_owned(),
        ),
        (
            account(r#""records": {"contacts": [{"num_notes": "many", "email": "a@b.c"}]}"#),
            format!("line 3: account \"acme\", contacts[0]: Property values were not valid: {not_number}; write a value of the property's type"),
        ),
        (
            "{\"faults\": [\n{\"fault\": \"reset\", \"requests\": 0}]}".to_owned(),
            "line 2: faults[0]: it never occurs: `requests` is 0".to_owned(),
        ),
    ] {
        let folder = folder("refused", &[("seed.json", &seed)]);
        let path = folder.join("seed.json");
        let builder = MockHubSpot::builder().seed(Seed::load(&path).unwrap());
        let StartError::Seed(error) = builder.start().await.unwrap_err() else {
            panic!("{seed}");
        };
        assert_eq!(error.to_string(), format!("{}: {expected}", path.display()));
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_seed_of_the_wrong_form_has_file_line_and_remedy() {
    let number = account(r#""records": {"contacts": [{"age": 7}]}"#);
    let remedy = "put it in quotation marks: ids and all values of records are texts";
    let flag = account(r#""capacityPack": "yes""#);
    for (seed, expected) in [
        (
            number,
            format!("invalid type: integer `7`, expected a string at line 3 column 34; {remedy}"),
        ),
        (
            flag,
            "invalid type: string \"yes\", expected a boolean at line 3 column 21; the documentation of `Seed` lists the fields".to_owned(),
        ),
        (
            "{\n,".to_owned(),
            "key must be a string at line 2 column 1; correct the JSON there".to_owned(),
        ),
    ] {
        let folder = folder("form", &[("seed.json", &seed)]);
        let path = folder.join("seed.json");
        let error = Seed::load(&path).unwrap_err();
        assert_eq!(error.to_string(), format!("{}: {expected}", path.display()));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
