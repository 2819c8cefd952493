//! Where documents come from: a folder, or a server.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use hubspot_codegen::load::MAX_BYTES;
use hubspot_codegen::publication::{Expected, Publication};

use super::lock;
use crate::files;

/// A folder or a server.
pub(super) enum Source {
    /// Files at their paths, or anywhere: then they are found by what they are.
    Folder {
        folder: PathBuf,
        /// Every document, by its path below the folder.
        documents: Vec<(String, Publication)>,
    },
    /// Files at their paths below a URL.
    Server {
        base: String,
        client: reqwest::Client,
        runtime: tokio::runtime::Runtime,
    },
}

impl Source {
    pub(super) fn open(from: &str) -> Result<Self> {
        if from.starts_with("https://") || from.starts_with("http://") {
            return Self::server(from, Duration::from_mins(1));
        }
        let folder = PathBuf::from(from);
        ensure!(
            folder.is_dir(),
            "there is no folder {from}: pass a folder, a git checkout, or a URL that begins with https://"
        );
        let mut documents = Vec::new();
        for path in files::with_extension(&folder, "json")? {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let inner = path
                .strip_prefix(&folder)
                .unwrap_or(&path)
                .to_string_lossy();
            // A checkout has other files too.
            if let Ok(publication) = Publication::read(&inner, &bytes) {
                documents.push((inner.into_owned(), publication));
            }
        }
        Ok(Self::Folder { folder, documents })
    }

    pub(super) fn server(base: &str, timeout: Duration) -> Result<Self> {
        let client = reqwest::Client::builder().timeout(timeout).build();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Ok(Self::Server {
            base: base.trim_end_matches('/').to_owned(),
            client: client.context("cannot create an HTTP client")?,
            runtime: runtime.context("cannot start a runtime")?,
        })
    }

    /// Every document of the source.
    pub(super) fn list(&self) -> Result<Vec<String>> {
        match self {
            Self::Folder { documents, .. } => {
                Ok(documents.iter().map(|(path, _)| path.clone()).collect())
            }
            Self::Server { .. } => {
                let bytes = self.get(lock::NAME).with_context(|| {
                    format!("--all needs a list of the documents, and a server has one only as {}: pull from a git checkout", lock::NAME)
                })?;
                let lock = toml::from_str::<lock::Lock>(&String::from_utf8_lossy(&bytes));
                let lock =
                    lock.with_context(|| format!("{} is not a list of documents", lock::NAME))?;
                Ok(lock.files.into_keys().collect())
            }
        }
    }

    /// The document at a path, or, in a folder that has none there, the only one that is what is expected.
    pub(super) fn fetch(&self, path: &str, expected: &Expected) -> Result<Vec<u8>> {
        let Self::Folder { folder, documents } = self else {
            return self.get(path);
        };
        match fs::read(folder.join(path)) {
            Ok(bytes) => return Ok(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {path}")),
        }
        let fits = |(path, publication): &&(String, Publication)| {
            publication.check(path, expected).is_ok() && publication.is_named(path, expected)
        };
        let found = documents.iter().filter(fits).map(|(path, _)| path);
        let found = found.collect::<Vec<_>>();
        match found[..] {
            [only] => read(&folder.join(only)),
            [] => bail!(
                "{path} is not in {}, and no other document there is `{}` of version {}",
                folder.display(),
                expected.api,
                expected.version
            ),
            [one, other, ..] => bail!(
                "{path} is not in {}, and {one} and {other} could both be `{}` of version {}",
                folder.display(),
                expected.api,
                expected.version
            ),
        }
    }

    /// Where a file comes from, for messages.
    pub(super) fn origin(&self, path: &str) -> String {
        match self {
            Self::Folder { folder, .. } => {
                format!("{} is not what it should be", folder.join(path).display())
            }
            Self::Server { base, .. } => format!("{base}/{path} is not what it should be"),
        }
    }

    fn get(&self, path: &str) -> Result<Vec<u8>> {
        let Self::Server {
            base,
            client,
            runtime,
        } = self
        else {
            bail!("{path} is not on a server");
        };
        let url = format!("{base}/{path}");
        let bytes = runtime.block_on(async {
            let mut response = client.get(&url).send().await?.error_for_status()?;
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                bytes.extend_from_slice(&chunk);
                if bytes.len() > MAX_BYTES {
                    break;
                }
            }
            Ok::<_, reqwest::Error>(bytes)
        });
        let bytes = bytes.map_err(|error| {
            let remedy = match error.status() {
                Some(status) if status == reqwest::StatusCode::NOT_FOUND => {
                    "the server does not have it: check --from, and `published` of this document"
                }
                Some(_) => "the server refuses it: check --from",
                None => {
                    "the connection failed: run the same command again, which goes on from here"
                }
            };
            anyhow::Error::new(error.without_url()).context(format!("cannot get {url}: {remedy}"))
        })?;
        ensure!(
            bytes.len() <= MAX_BYTES,
            "{url} has more than {MAX_BYTES} bytes, which no document has: check --from"
        );
        Ok(bytes)
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
