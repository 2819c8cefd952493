//! Tokens in an encrypted file.

use std::path::Path;

use hubspot_generated::oauth::{FileStore, Saved, TokenKey, TokenKeys, TokenRecord, TokenStore};
use serde_json::{Value, json};

use crate::hub::{ACCOUNT, Hub};

pub(crate) fn record(hub_id: u64, fence: u64) -> TokenRecord {
    serde_json::from_value(json!({
        "hub_id": hub_id, "access_token": format!("hidden-{}", "a".repeat(4096)), "refresh_token": "hidden-r",
        "expires_at": 1_900_000_000, "lifetime": 1800, "scopes": ["oauth"], "user_id": 7, "fence": fence,
    }))
    .unwrap()
}

fn key() -> TokenKey {
    TokenKey::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

fn open(path: &Path) -> FileStore {
    FileStore::open(path, key()).unwrap()
}

#[tokio::test]
async fn tokens_survive_a_restart_and_only_their_owner_may_read_them() {
    let hub = Hub::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let app = || hub.app().store(open(&path)).build().unwrap();
    app().connect(&"hidden-code".into(), None).await.unwrap();
    app()
        .account(ACCOUNT)
        .contacts()
        .list()
        .send()
        .await
        .unwrap();
    assert_eq!(hub.asked(), 1);

    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("hidden"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(
        files.len(),
        2,
        "the file and its lock, and nothing half done: {files:?}"
    );
}

#[tokio::test]
async fn long_tokens_many_accounts_and_older_records() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("tokens.json"));
    let mut saving = tokio::task::JoinSet::new();
    for hub_id in 1..=20 {
        let store = store.clone();
        saving.spawn(async move { store.save(&record(hub_id, 3)).await });
    }
    while let Some(saved) = saving.join_next().await {
        assert_eq!(saved.unwrap().unwrap(), Saved::Kept);
    }
    for hub_id in 1..=20 {
        assert_eq!(
            store.load(hub_id).await.unwrap().unwrap(),
            record(hub_id, 3)
        );
    }
    assert_eq!(store.save(&record(5, 2)).await.unwrap(), Saved::Superseded);
    assert_eq!(store.load(5).await.unwrap().unwrap().fence, 3);
    store.remove(5).await.unwrap();
    assert!(store.load(5).await.unwrap().is_none());
    assert!(store.load(99).await.unwrap().is_none());
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let store = open(&path);
    for hub_id in [17, 18] {
        store.save(&record(hub_id, 1)).await.unwrap();
    }
    let whole = std::fs::read(&path).unwrap();
    let step = whole.len() / 97;
    let cut = (0..whole.len())
        .step_by(step)
        .map(|end| whole[..end].to_vec());
    let flipped = (0..whole.len()).step_by(step).map(|place| {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        bytes
    });
    for damaged in cut.chain(flipped) {
        // White space is not what counts.
        if serde_json::from_slice::<Value>(&damaged).ok()
            == serde_json::from_slice::<Value>(&whole).ok()
        {
            continue;
        }
        std::fs::write(&path, &damaged).unwrap();
        let load = store.load(17).await.unwrap_err();
        let save = store.save(&record(17, 9)).await.unwrap_err();
        let reopened = FileStore::open(&path, key()).unwrap_err();
        for error in [load, save, reopened] {
            let text = error.to_string();
            assert!(
                text.contains("tokens.json") && text.contains("left as it is"),
                "{text}"
            );
        }
        assert_eq!(std::fs::read(&path).unwrap(), damaged, "the file is kept");
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(store.load(17).await.unwrap().unwrap(), record(17, 1));
}

#[tokio::test]
async fn the_record_of_one_account_in_the_place_of_anothers_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let store = open(&path);
    for hub_id in [17, 18] {
        store.save(&record(hub_id, 1)).await.unwrap();
    }
    let mut content: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    content["records"]["18"] = content["records"]["17"].clone();
    std::fs::write(&path, content.to_string()).unwrap();
    assert!(store.load(18).await.is_err());
}

#[tokio::test]
async fn a_key_is_changed_without_a_lost_account() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    for hub_id in [17, 18] {
        open(&path).save(&record(hub_id, 1)).await.unwrap();
    }
    let text = TokenKey::generate().unwrap().to_base64();
    let new = || TokenKey::from_base64(text.expose_secret()).unwrap();
    let error = FileStore::open(&path, new()).unwrap_err();
    assert!(
        error.to_string().contains("a key that is not at hand"),
        "{error}"
    );

    let both = FileStore::open(&path, TokenKeys::new(new()).or(key())).unwrap();
    for hub_id in [17, 18] {
        let kept = both.load(hub_id).await.unwrap().unwrap();
        both.save(&kept).await.unwrap();
    }
    let store = FileStore::open(&path, new()).unwrap();
    assert_eq!(store.load(17).await.unwrap().unwrap(), record(17, 1));
    assert!(
        FileStore::open(&path, key()).is_err(),
        "the old key is of no use"
    );
}

#[tokio::test]
async fn the_lock_file_is_private_and_waited_for_a_bounded_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let lock = folder.path().join("tokens.json.lock");
    let held = std::fs::File::create(&lock).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&lock, std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
    let store = open(&path);
    store.save(&record(17, 1)).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&lock).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "a wider mode is tightened");
    }
    held.lock().unwrap();
    let start = std::time::Instant::now();
    let error = store.save(&record(17, 2)).await.unwrap_err();
    assert!(start.elapsed() < std::time::Duration::from_secs(9));
    assert!(
        error.to_string().contains("is locked by another process"),
        "{error}"
    );
    assert!(error.is_transient());
    held.unlock().unwrap();
    assert_eq!(store.save(&record(17, 2)).await.unwrap(), Saved::Kept);
}

#[test]
fn a_key_comes_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    assert!(
        TokenKey::from_file(&path)
            .unwrap_err()
            .to_string()
            .contains("cannot be read")
    );
    std::fs::write(&path, "hidden but no key").unwrap();
    let error = TokenKey::from_file(&path).unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("hidden"),
        "{error:?}"
    );
    std::fs::write(&path, format!("{}\n", key().to_base64().expose_secret())).unwrap();
    assert_eq!(TokenKey::from_file(&path).unwrap().id(), key().id());
    assert!(TokenKey::from_env("HUBSPOT_NO_SUCH_VARIABLE").is_err());
}
