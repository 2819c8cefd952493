//! Encrypts records with AES-256-GCM, bound to the account and the key's id.

use std::path::Path;

use aes_gcm::aead::{Aead, Generate, Nonce, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

use super::TokenRecord;
use crate::debug::debug_fields;
use crate::oauth::error::StoreError;
use crate::secret::Secret;

/// The prefix of encrypted text, with the version of the format.
const FORM: &str = "v1";
/// The prefix of what a key's id is a digest of.
const KEY_ID: &[u8] = b"hubspot-generated token key id";
/// The length of the nonce, which precedes the encrypted text.
const NONCE_BYTES: usize = 12;

/// A key for encrypting tokens: 32 bytes, written in base64 (44 characters).
///
/// Keep it apart from the tokens: in the environment, in a file of its own, or in the operating system's keyring.
///
/// ```
/// use hubspot_generated::oauth::TokenKey;
///
/// let key = TokenKey::generate()?;
/// let text = key.to_base64();
/// assert_eq!(text.expose_secret().len(), 44);
/// assert_eq!(TokenKey::from_base64(text.expose_secret())?.id(), key.id());
/// # Ok::<(), hubspot_generated::oauth::StoreError>(())
/// ```
pub struct TokenKey {
    id: String,
    bytes: SecretBox<[u8; 32]>,
}

impl TokenKey {
    /// Generates a key from the operating system's random bytes.
    ///
    /// # Errors
    ///
    /// If the system returns none.
    pub fn generate() -> Result<Self, StoreError> {
        let key = Key::<Aes256Gcm>::try_generate().map_err(|_| no_randomness())?;
        Ok(Self::new(key.into()))
    }

    /// Reads a key from base64; white space around it is ignored.
    ///
    /// # Errors
    ///
    /// If the text is not the base64 of 32 bytes. The error does not repeat it.
    pub fn from_base64(text: &str) -> Result<Self, StoreError> {
        let wrong = || StoreError::permanent("a token key is not 32 bytes in base64");
        let bytes = BASE64_STANDARD
            .decode(text.trim())
            .map(Zeroizing::new)
            .map_err(|_| wrong())?;
        let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| wrong())?;
        Ok(Self::new(bytes))
    }

    /// Reads a key from an environment variable.
    ///
    /// # Errors
    ///
    /// If the variable is not set, or does not hold a key.
    pub fn from_env(name: &str) -> Result<Self, StoreError> {
        let text = std::env::var(name).map(Zeroizing::new).map_err(|_| {
            StoreError::permanent(format!("the environment variable `{name}` is not set"))
        })?;
        Self::from_base64(&text)
            .map_err(|error| StoreError::permanent(format!("in the variable `{name}`, {error}")))
    }

    /// Reads a key from a file that holds nothing else.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or does not hold a key.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|error| {
                StoreError::permanent(format!("the token key {} cannot be read", path.display()))
                    .caused_by(error)
            })?;
        Self::from_base64(&text)
            .map_err(|error| StoreError::permanent(format!("in {}, {error}", path.display())))
    }

    /// Reads a key from the operating system's keyring (Keychain, Credential Manager, Secret Service), and creates one
    /// there if there is none.
    ///
    /// # Errors
    ///
    /// If there is no keyring, it is locked, or the entry does not hold a key.
    #[cfg(feature = "keyring")]
    pub fn from_keyring(service: &str, user: &str) -> Result<Self, StoreError> {
        let failed =
            |error: keyring::Error| StoreError::new("the keyring cannot be used").caused_by(error);
        let entry = keyring::Entry::new(service, user).map_err(failed)?;
        match entry.get_password().map(Zeroizing::new) {
            Ok(text) => Self::from_base64(&text),
            Err(keyring::Error::NoEntry) => {
                let key = Self::generate()?;
                entry
                    .set_password(key.to_base64().expose_secret())
                    .map_err(failed)?;
                Ok(key)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Returns the key in base64, to be kept for the next process.
    pub fn to_base64(&self) -> Secret {
        Secret::from(BASE64_STANDARD.encode(self.bytes.expose_secret()))
    }

    /// Returns the id by which a record names its key. It reveals nothing about the key.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn new(bytes: [u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(KEY_ID).chain_update(bytes);
        let digest = digest.finalize();
        Self {
            id: BASE64_URL_SAFE_NO_PAD.encode(&digest[..6]),
            bytes: SecretBox::new(Box::new(bytes)),
        }
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&Key::<Aes256Gcm>::from(*self.bytes.expose_secret()))
    }
}

debug_fields!(TokenKey, |key| id: key.id);

/// The keys of a store: one that encrypts, and older ones that still decrypt.
///
/// To change the key, put the new one first and keep the old one until every record was written again, which every
/// refresh does.
///
/// ```
/// use hubspot_generated::oauth::{TokenKey, TokenKeys};
///
/// let (new, old) = (TokenKey::generate()?, TokenKey::generate()?);
/// let keys = TokenKeys::new(new).or(old);
/// # let _ = keys;
/// # Ok::<(), hubspot_generated::oauth::StoreError>(())
/// ```
#[derive(Debug)]
pub struct TokenKeys {
    first: TokenKey,
    older: Vec<TokenKey>,
}

impl From<TokenKey> for TokenKeys {
    fn from(key: TokenKey) -> Self {
        Self::new(key)
    }
}

impl TokenKeys {
    /// Creates keys from one that encrypts and decrypts.
    pub fn new(key: TokenKey) -> Self {
        Self {
            first: key,
            older: Vec::new(),
        }
    }

    /// Adds a key that decrypts.
    pub fn or(mut self, older: TokenKey) -> Self {
        self.older.push(older);
        self
    }

    /// Encrypts a record.
    pub(super) fn seal(&self, record: &TokenRecord) -> Result<String, StoreError> {
        let text = serde_json::to_vec(record)
            .map(Zeroizing::new)
            .map_err(|_| StoreError::permanent("the record cannot be written"))?;
        self.encrypt(&text, &record.hub_id.to_string())
    }

    /// Decrypts a record of the account `hub_id`.
    pub(super) fn open(&self, hub_id: u64, sealed: &str) -> Result<TokenRecord, StoreError> {
        let text = self.decrypt(sealed, &hub_id.to_string()).map_err(|fault| {
            StoreError::permanent(format!("the record of account {hub_id} {fault}"))
        })?;
        serde_json::from_slice(&text)
            .ok()
            .filter(|record: &TokenRecord| record.hub_id == hub_id)
            .ok_or_else(|| {
                StoreError::permanent(format!(
                    "the record of account {hub_id} is not one of this version"
                ))
            })
    }

    /// Encrypts `text`, bound to `context`.
    pub(super) fn encrypt(&self, text: &[u8], context: &str) -> Result<String, StoreError> {
        let key = &self.first;
        let nonce = Nonce::<Aes256Gcm>::try_generate().map_err(|_| no_randomness())?;
        let payload = Payload {
            msg: text,
            aad: &associated_data(&key.id, context),
        };
        let encrypted = key
            .cipher()
            .encrypt(&nonce, payload)
            .map_err(|_| StoreError::permanent("the record is too long to be encrypted"))?;
        let bytes = [nonce.as_slice(), &encrypted].concat();
        let text = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        Ok(format!("{FORM}.{}.{text}", key.id))
    }

    /// Decrypts what [`encrypt`](Self::encrypt) returned for the same `context`; fails with a description.
    pub(super) fn decrypt(
        &self,
        sealed: &str,
        context: &str,
    ) -> Result<Zeroizing<Vec<u8>>, &'static str> {
        const CHANGED: &str = "was changed, cut short, or put in the place of another";
        let mut parts = sealed.splitn(3, '.');
        let (Some(FORM), Some(id), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CHANGED);
        };
        let mut keys = std::iter::once(&self.first).chain(&self.older);
        let key = keys
            .find(|key| key.id == id)
            .ok_or("was encrypted with a key that is not at hand")?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| CHANGED)?;
        let (nonce, encrypted) = bytes.split_at_checked(NONCE_BYTES).ok_or(CHANGED)?;
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| CHANGED)?;
        let payload = Payload {
            msg: encrypted,
            aad: &associated_data(id, context),
        };
        key.cipher()
            .decrypt(&nonce.into(), payload)
            .map(Zeroizing::new)
            .map_err(|_| CHANGED)
    }
}

/// What an encrypted text is bound to: the format, the key and the context.
fn associated_data(key_id: &str, context: &str) -> Vec<u8> {
    format!("hubspot-generated {FORM} {key_id} {context}").into_bytes()
}

fn no_randomness() -> StoreError {
    StoreError::new("the operating system returned no random bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(hub_id: u64) -> TokenRecord {
        serde_json::from_value(serde_json::json!({
            "hub_id": hub_id, "access_token": "hidden-access", "refresh_token": "x".repeat(4096),
            "expires_at": 1, "lifetime": 1800,
        }))
        .unwrap()
    }

    #[test]
    fn a_record_opens_for_its_account_only() {
        let keys = TokenKeys::new(TokenKey::generate().unwrap());
        let sealed = keys.seal(&record(17)).unwrap();
        assert!(!sealed.contains("hidden"));
        assert_eq!(keys.open(17, &sealed).unwrap(), record(17));
        let error = keys.open(18, &sealed).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the record of account 18 was changed, cut short, or put in the place of another"
        );
    }

    #[test]
    fn the_same_record_is_never_sealed_to_the_same_text() {
        let keys = TokenKeys::new(TokenKey::generate().unwrap());
        assert_ne!(
            keys.seal(&record(17)).unwrap(),
            keys.seal(&record(17)).unwrap()
        );
    }

    #[test]
    fn no_bit_can_be_changed_and_nothing_cut_off() {
        let keys = TokenKeys::new(TokenKey::generate().unwrap());
        let sealed = keys.seal(&record(17)).unwrap();
        for place in (0..sealed.len()).step_by(7) {
            let mut changed = sealed.clone().into_bytes();
            changed[place] ^= 1;
            let changed = String::from_utf8_lossy(&changed).into_owned();
            assert!(keys.open(17, &changed).is_err(), "{place}");
            assert!(keys.open(17, &sealed[..place]).is_err(), "{place}");
        }
    }

    #[test]
    fn a_key_is_changed_by_putting_the_new_one_first() {
        let text = TokenKey::generate().unwrap().to_base64();
        let key = || TokenKey::from_base64(text.expose_secret()).unwrap();
        let old = TokenKeys::new(key());
        let new = TokenKeys::new(TokenKey::generate().unwrap());
        let sealed = old.seal(&record(17)).unwrap();
        let error = new.open(17, &sealed).unwrap_err().to_string();
        assert!(error.contains("a key that is not at hand"), "{error}");

        let both = new.or(key());
        assert_eq!(both.open(17, &sealed).unwrap(), record(17));
        let sealed = both.seal(&record(17)).unwrap();
        assert!(old.open(17, &sealed).is_err(), "sealed with the first key");
    }

    #[test]
    fn a_key_is_32_bytes() {
        for text in ["", "hidden", "aGlkZGVu", &"A".repeat(43), &"A".repeat(88)] {
            let error = TokenKey::from_base64(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hidden"));
        }
        let key = TokenKey::generate().unwrap();
        let text = key.to_base64();
        assert!(!format!("{key:?}").contains(text.expose_secret()));
    }
}
