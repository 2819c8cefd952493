//! Seeds that are read from files.

use std::path::PathBuf;

use hubspot_mock::{MockHubSpot, Seed};
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
        let start = format!("line 3: apps[0].appFile: {}: ", folder.join(name).display());
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
