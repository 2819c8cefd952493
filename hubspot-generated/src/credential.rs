//! The token that a request is authorized with, and how it is replaced when HubSpot does not accept it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::header::HeaderValue;

use crate::error::{Error, ErrorKind};
use crate::operation::{Authentication, Operation};
use crate::secret::Secret;

/// A result of a [`TokenSource`] that takes time.
pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// How many tokens in a row a request replaces: one that was new may have expired as well.
pub(crate) const MAX_REPLACED: u32 = 3;

/// Identifies what a token is used for; see [`Parts::target`](crate::parts::Parts::target).
pub(crate) type Target = u64;

/// Where a client's token comes from.
#[derive(Clone)]
pub(crate) enum Credential {
    /// None: only operations that need no token can be called.
    Missing,
    /// One token for the life of the client.
    Fixed(HeaderValue),
    /// The key of a developer account, which goes into the query.
    DeveloperKey(HeaderValue),
    /// A token that changes.
    Changing(Arc<dyn TokenSource>),
}

/// A source of the current token and of its replacement.
pub(crate) trait TokenSource: Send + Sync {
    /// Returns the token if that takes no time.
    fn current(&self) -> Option<HeaderValue>;

    /// Obtains the token for a request to `target`.
    fn obtain(&self, target: Target) -> Pending<'_, HeaderValue>;

    /// Replaces a token that HubSpot refused for `target` with `error` (401). Returns `None` if the request is to be sent
    /// again, and the error of the request otherwise. `replaced` tells how many tokens in a row were refused and replaced before.
    fn replace<'a>(
        &'a self,
        refused: &'a HeaderValue,
        target: Target,
        replaced: u32,
        error: Error,
    ) -> Pending<'a, Option<Error>>;

    /// Notes that HubSpot accepted a token for `target`.
    fn accepted(&self, _header: &HeaderValue, _target: Target) {}

    /// Notes that a request failed for another reason than its token.
    fn passed(&self, _header: &HeaderValue) {}

    /// Returns the scopes that were granted with the token, if they are known; asks HubSpot if `proven`.
    fn granted(&self, proven: bool) -> Pending<'_, Option<Vec<String>>>;
}

impl Credential {
    /// The token or key that a client starts with.
    pub(crate) fn token(&self) -> Option<HeaderValue> {
        match self {
            Self::Missing => None,
            Self::Fixed(token) | Self::DeveloperKey(token) => Some(token.clone()),
            Self::Changing(source) => source.current(),
        }
    }

    /// Whether it goes into the query.
    pub(crate) fn is_developer_key(&self) -> bool {
        matches!(self, Self::DeveloperKey(_))
    }

    /// The `Authorization` header of a request, or the developer API key.
    pub(crate) async fn header(
        &self,
        operation: &'static Operation,
        target: Target,
    ) -> Result<HeaderValue, Error> {
        let takes_key = operation.authentication == Authentication::DeveloperKey;
        match self {
            Self::DeveloperKey(key) if takes_key || operation.is_raw() => Ok(key.clone()),
            Self::DeveloperKey(_) => Err(unfit(
                operation,
                "the client has a developer API key, but this operation needs an access token",
            )),
            _ if takes_key => Err(unfit(
                operation,
                "the client has no developer API key, which this operation needs",
            )),
            Self::Fixed(header) => Ok(header.clone()),
            Self::Changing(source) => match source.current() {
                Some(header) => Ok(header),
                None => source.obtain(target).await,
            },
            Self::Missing => Err(unfit(
                operation,
                "the client has no access token, which this operation needs",
            )),
        }
    }

    /// Notes that a request with this token succeeded.
    pub(crate) fn accepted(&self, header: Option<&HeaderValue>, target: Target) {
        if let (Self::Changing(source), Some(header)) = (self, header) {
            source.accepted(header, target);
        }
    }

    /// Notes that a request with this token failed for another reason.
    pub(crate) fn passed(&self, header: Option<&HeaderValue>) {
        if let (Self::Changing(source), Some(header)) = (self, header) {
            source.passed(header);
        }
    }

    /// Replaces the token of a request that failed with `error`, if HubSpot refused the token and there is another; see
    /// [`TokenSource::replace`].
    pub(crate) async fn replace(
        &self,
        refused: Option<&HeaderValue>,
        target: Target,
        replaced: u32,
        error: Error,
    ) -> Result<Option<Error>, Error> {
        match (self, refused) {
            (Self::Changing(source), Some(refused)) if error.is_refused_token() => {
                source.replace(refused, target, replaced, error).await
            }
            _ => Ok(Some(error)),
        }
    }
}

/// The error of a client whose credential an operation does not take.
fn unfit(operation: &'static Operation, fault: &str) -> Error {
    Error::of_operation(operation, ErrorKind::Invalid(fault.to_owned()))
}

/// Returns the `Authorization` header for a token, or what is wrong with the token.
pub(crate) fn authorization(token: &str) -> Result<HeaderValue, &'static str> {
    if token.is_empty() {
        return Err("the access token is empty");
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "the access token contains white space or other characters that tokens do not have",
        );
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| "the access token cannot be part of a header")?;
    value.set_sensitive(true);
    Ok(value)
}

/// The token in a header that [`authorization`] returned; a developer API key stands by itself.
pub(crate) fn token_of(header: &HeaderValue) -> Option<Secret> {
    let header = header.to_str().ok()?;
    Some(Secret::from(
        header.strip_prefix("Bearer ").unwrap_or(header),
    ))
}

/// Reads a token from where it is stored.
pub(crate) type ReadToken = dyn Fn() -> io::Result<Secret> + Send + Sync;

/// A token that is stored elsewhere and read again when HubSpot no longer accepts it.
pub(crate) struct Reread {
    read: Arc<ReadToken>,
    current: RwLock<HeaderValue>,
}

impl Reread {
    pub(crate) fn new(read: Arc<ReadToken>) -> Result<Self, Error> {
        let current = RwLock::new(Self::read(&*read).map_err(Error::configuration)?);
        Ok(Self { read, current })
    }

    fn read(read: &ReadToken) -> Result<HeaderValue, String> {
        let token = read().map_err(|error| format!("the access token cannot be read: {error}"))?;
        // Most files end in a line break.
        authorization(token.expose_secret().trim()).map_err(str::to_owned)
    }

    fn get(&self) -> HeaderValue {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl TokenSource for Reread {
    fn current(&self) -> Option<HeaderValue> {
        Some(self.get())
    }

    fn obtain(&self, _target: Target) -> Pending<'_, HeaderValue> {
        Box::pin(async { Ok(self.get()) })
    }

    fn replace<'a>(
        &'a self,
        refused: &'a HeaderValue,
        _target: Target,
        replaced: u32,
        error: Error,
    ) -> Pending<'a, Option<Error>> {
        Box::pin(async move {
            if replaced >= MAX_REPLACED {
                return Ok(Some(error));
            }
            if self.get() != refused {
                return Ok(None);
            }
            let read = match Self::read(&*self.read) {
                Ok(read) => read,
                Err(fault) => {
                    // HubSpot's error tells the caller more.
                    tracing::warn!(fault, "the access token was refused");
                    return Ok(Some(error));
                }
            };
            let is_same = read == refused;
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = read;
            Ok(is_same.then_some(error))
        })
    }

    fn granted(&self, _proven: bool) -> Pending<'_, Option<Vec<String>>> {
        Box::pin(async { Ok(None) })
    }
}
