//! Chooses where the tokens of a login and their key are stored.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hubspot_generated::oauth::{FileStore, TokenKey};

use super::Arguments;

/// The environment variable with the key.
const KEY: &str = "HUBSPOT_TOKEN_KEY";
/// The folder of this program below the user's folders.
const FOLDER: &str = "cargo-hubspot";

/// The file of the tokens, and where its key is.
pub(super) struct TokenPlace {
    pub(super) store: PathBuf,
    pub(super) key: KeyPlace,
}

/// Where a key is.
pub(super) enum KeyPlace {
    Variable,
    File(PathBuf),
    /// In the folder of this program.
    OwnFile(PathBuf),
    Keyring,
}

/// Chooses the places without creating anything.
pub(super) fn place(arguments: &Arguments) -> Result<TokenPlace> {
    let store = match &arguments.store {
        Some(store) => store.clone(),
        None => dirs::data_local_dir()
            .context("this system has no data folder; name a file with --store")?
            .join(FOLDER)
            .join(format!("{}.tokens.json", file_name(&arguments.client_id))),
    };
    let key = if arguments.keyring {
        KeyPlace::Keyring
    } else if let Some(file) = &arguments.key_file {
        KeyPlace::File(file.clone())
    } else if std::env::var_os(KEY).is_some() {
        KeyPlace::Variable
    } else {
        let folder = dirs::config_dir();
        let folder = folder
            .context("this system has no configuration folder; name a file with --key-file")?;
        KeyPlace::OwnFile(folder.join(FOLDER).join("token.key"))
    };
    Ok(TokenPlace { store, key })
}

/// A client id as the name of a file.
fn file_name(client_id: &str) -> String {
    client_id.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_")
}

impl TokenPlace {
    /// Opens the file of the tokens. Creates a key if there is none.
    pub(super) fn open(&self) -> Result<FileStore> {
        make_folder_of(&self.store)?;
        Ok(FileStore::open(&self.store, self.key.read()?)?)
    }
}

impl KeyPlace {
    fn read(&self) -> Result<TokenKey> {
        match self {
            Self::Variable => Ok(TokenKey::from_env(KEY)?),
            Self::File(path) => read_or_make_key(path),
            Self::OwnFile(path) => {
                make_folder_of(path)?;
                tighten_folder_of(path)?;
                read_or_make_key(path)
            }
            #[cfg(feature = "keyring")]
            Self::Keyring => Ok(TokenKey::from_keyring(FOLDER, "token key")?),
            #[cfg(not(feature = "keyring"))]
            Self::Keyring => anyhow::bail!(
                "this program was built without the keyring: `cargo install cargo-hubspot --features keyring`"
            ),
        }
    }
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable => write!(f, "in the environment variable `{KEY}`"),
            Self::File(path) | Self::OwnFile(path) => write!(f, "{}", path.display()),
            Self::Keyring => f.write_str("in the keyring of the system"),
        }
    }
}

/// Reads the key. Creates it if there is no such file.
fn read_or_make_key(path: &Path) -> Result<TokenKey> {
    if path.exists() {
        return Ok(TokenKey::from_file(path)?);
    }
    make_key(path).with_context(|| format!("cannot create the key file {}", path.display()))
}

/// Writes a new key to `path`, as a whole or not at all. On Unix, only its owner may read the file and enter its folder.
fn make_key(path: &Path) -> Result<TokenKey> {
    make_folder_of(path)?;
    check_folder_of(path)?;
    let key = TokenKey::generate()?;
    let mut file = tempfile::NamedTempFile::new_in(folder_of(path))?;
    file.write_all(key.to_base64().expose_secret().as_bytes())?;
    file.as_file().sync_all()?;
    // A key that another process has created may be in use already.
    file.persist_noclobber(path)?;
    Ok(key)
}

fn folder_of(path: &Path) -> &Path {
    let parent = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Creates the folder of a file; on Unix, only its owner may enter it.
fn make_folder_of(path: &Path) -> Result<()> {
    let folder = folder_of(path);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.create(folder);
    created.with_context(|| format!("cannot create the folder {}", folder.display()))
}

/// Closes the folder of a file to other users.
fn tighten_folder_of(path: &Path) -> Result<()> {
    let folder = folder_of(path);
    #[cfg(unix)]
    if mode_for_others(folder)? != 0 {
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
            .with_context(|| format!("cannot close the folder {} to others", folder.display()))?;
    }
    let _ = folder;
    Ok(())
}

/// Fails if the folder of a file is open to other users. Its permissions are not this program's to change.
fn check_folder_of(path: &Path) -> Result<()> {
    let folder = folder_of(path);
    #[cfg(unix)]
    anyhow::ensure!(
        mode_for_others(folder)? == 0,
        "the folder {folder} is open to other users: close it with `chmod 700 {folder}`, or name a file in another folder",
        folder = folder.display()
    );
    let _ = folder;
    Ok(())
}

/// The permissions of other users than the owner.
#[cfg(unix)]
fn mode_for_others(folder: &Path) -> Result<u32> {
    let metadata = fs::metadata(folder);
    let metadata =
        metadata.with_context(|| format!("cannot look at the folder {}", folder.display()))?;
    Ok(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077)
}
