//! Creates whose outcome is looked up by a property with unique values, if it is not known.
//!
//! A record that was created no earlier than the first attempt is that of the request; an older one existed before. Both
//! times are HubSpot's own.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{DATE, HeaderMap};

use crate::debug::debug_fields;
use crate::decode::fields::entries;
use crate::decode::{decode, decode_fields};
use crate::error::Error;
use crate::error::retry_after::{days_since_1970, parse_date};
use crate::parts::Parts;
use crate::request::Request;
use crate::response::{RawResponse, Read};
use crate::transport;
use crate::values::{DateTime, Properties};

/// The properties that identify a record by their name, but are not unique.
const NOT_UNIQUE: [&str; 2] = ["domain", "hs_object_id"];
/// How often a create is sent that was found not to have taken effect.
const ROUNDS: usize = 3;

/// The outcome of a create.
#[derive(Debug)]
#[non_exhaustive]
pub enum Settled<T> {
    /// The record was created.
    Done(T),
    /// A record with the same value existed.
    Existing(T),
    /// There is no record, so the create had no effect. It can be sent again: HubSpot refuses a second record with one
    /// value.
    NotDone(Error),
    /// The create may or may not have taken effect: the record could not be read back or decoded, or its age is not known.
    Unknown(Error),
}

impl<T> Settled<T> {
    /// The record, if there is one.
    pub fn record(self) -> Option<T> {
        match self {
            Self::Done(record) | Self::Existing(record) => Some(record),
            Self::NotDone(_) | Self::Unknown(_) => None,
        }
    }
}

/// A create that is settled by a property; see [`Request::settle_by`].
#[must_use = "nothing is sent before it is awaited"]
pub struct Settle<T> {
    create: Box<Parts>,
    look_up: Box<Parts>,
    read: Read<T>,
    is_ensured: bool,
}

impl<T: 'static, P> Request<T, P> {
    /// Finds out whether a create took effect if its response is lost, by reading back the value of a unique property.
    ///
    /// `property` has to have unique values and a value in this request: `email` of contacts, or a property of your own
    /// that was created as unique. `domain` of companies is not unique and is refused. `read` gets the value, and returns
    /// the request that reads the record; the id property is set on it. Its scopes are checked like those of any call.
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::Settled;
    /// use hubspot_generated::models::CreateObject;
    ///
    /// let create = hubspot.contacts().create(CreateObject::new([("email", "ada@example.com")]));
    /// match create.settle_by("email", |email| hubspot.contacts().get(email)).await? {
    ///     Settled::Done(contact) => println!("created {}", contact.id),
    ///     Settled::Existing(contact) => println!("there is {} already", contact.id),
    ///     Settled::NotDone(error) => println!("no effect: {error}"),
    ///     other => println!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn settle_by<Q>(
        self,
        property: &str,
        read: impl FnOnce(&str) -> Request<T, Q>,
    ) -> Settle<T> {
        let (mut create, decode) = self.into_parts();
        let value = value_of(&create, property);
        let (mut look_up, _) = read(value.as_deref().unwrap_or_default()).into_parts();
        look_up.set_parameter("idProperty", Some(property.to_owned()));
        if let Some(refusal) = refusal_of(property) {
            create.refuse(refusal);
        } else if value.is_none() {
            create.refuse(format!(
                "the record has no value of `{property}` to settle by"
            ));
        }
        Settle {
            create,
            look_up,
            read: decode,
            is_ensured: false,
        }
    }

    /// Creates a record, or returns the existing one with the same value of a unique property.
    ///
    /// Like [`settle_by`](Self::settle_by), and a conflict (409) is [`Settled::Existing`] instead of an error. A create
    /// that is found not to have taken effect is sent again, up to three times.
    pub fn ensure_by<Q>(
        self,
        property: &str,
        read: impl FnOnce(&str) -> Request<T, Q>,
    ) -> Settle<T> {
        Settle {
            is_ensured: true,
            ..self.settle_by(property, read)
        }
    }
}

impl<T> Settle<T> {
    /// Sends the create, and reads the record back if the outcome is not known.
    ///
    /// # Errors
    ///
    /// Fails if HubSpot refuses the create, which then had no effect.
    pub async fn send(self) -> Result<Settled<T>, Error> {
        let record = |mut response: RawResponse| response.decode(self.read);
        Ok(
            match settle(&self.create, &self.look_up, self.is_ensured).await? {
                Settled::Done(response) => {
                    record(response).map_or_else(Settled::Unknown, Settled::Done)
                }
                Settled::Existing(response) => {
                    record(response).map_or_else(Settled::Unknown, Settled::Existing)
                }
                Settled::NotDone(error) => Settled::NotDone(error),
                Settled::Unknown(error) => Settled::Unknown(error),
            },
        )
    }
}

/// `.await` is short for `.send().await`.
impl<T: 'static> IntoFuture for Settle<T> {
    type Output = Result<Settled<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

debug_fields!(Settle<T>, |settle| operation: settle.create.operation.id);

/// Sends a create and looks up what became of it; does not depend on the record's type.
async fn settle(
    create: &Parts,
    look_up: &Parts,
    is_ensured: bool,
) -> Result<Settled<RawResponse>, Error> {
    let start = create.core.clock.now();
    let (mut rounds, mut is_unknown, mut first) = (0, false, None);
    loop {
        rounds += 1;
        let response = transport::send(Box::new(create.clone())).await;
        let record = response.and_then(|mut response| {
            response.decode(decode::<Head>)?;
            Ok(response)
        });
        let error = match record {
            Ok(response) => return Ok(Settled::Done(response)),
            Err(error) => error,
        };
        is_unknown |= error.may_have_taken_effect();
        let is_settled = is_unknown || (is_ensured && error.is_conflict());
        if !is_settled {
            return Err(error);
        }
        let start = *first.get_or_insert(error.sent_at().unwrap_or(start));
        return Ok(match find(look_up, start).await {
            Found::Record(response, _) if !is_unknown => Settled::Existing(*response),
            Found::Nothing | Found::Unknown if !is_unknown => return Err(error),
            Found::Record(response, Some(true)) => Settled::Done(*response),
            Found::Record(response, Some(false)) => Settled::Existing(*response),
            Found::Nothing if is_ensured && rounds < ROUNDS => continue,
            Found::Nothing => Settled::NotDone(error),
            Found::Record(_, None) | Found::Unknown => Settled::Unknown(error),
        });
    }
}

/// What there is of a create.
enum Found {
    /// A record, and whether it was created after the first attempt, if its age is known.
    Record(Box<RawResponse>, Option<bool>),
    Nothing,
    Unknown,
}

/// Reads a record that may have been created since `start`.
async fn find(look_up: &Parts, start: Instant) -> Found {
    let mut response = match transport::send(Box::new(look_up.clone())).await {
        Ok(response) => response,
        Err(error) if error.is_not_found() => return Found::Nothing,
        Err(_) => return Found::Unknown,
    };
    let since = look_up.core.clock.now().saturating_duration_since(start);
    let time = ServerTime::of(&response.headers);
    let created = response.decode(decode::<Head>).ok();
    let created = created.and_then(|head| created_at(&head.created_at));
    let is_new = time
        .zip(created)
        .map(|(time, created)| created >= time.before(since));
    Found::Record(Box::new(response), is_new)
}

/// What is read of a record, whatever its type.
struct Head {
    id: String,
    created_at: DateTime,
}

decode_fields!(Head; "id" id, "createdAt" created_at);

/// The value that a create gives a property.
fn value_of(create: &Parts, property: &str) -> Option<String> {
    let fields = entries(&create.body.as_ref()?.bytes).ok()?;
    let properties: Properties = decode(fields.get("properties")?.as_bytes()).ok()?;
    let value = properties.get(property).map(str::trim);
    value.filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Says why a property cannot be settled by, if its values are known not to be unique.
pub(crate) fn refusal_of(property: &str) -> Option<String> {
    let is_known = NOT_UNIQUE.contains(&property);
    is_known.then(|| format!("`{property}` is not a property with unique values to settle by"))
}

/// HubSpot's time when it sent a response, rounded down to a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerTime(SystemTime);

impl ServerTime {
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(DATE)?.to_str().ok()?;
        parse_date(text).map(Self)
    }

    /// HubSpot's time this long after, at the earliest.
    pub(crate) fn after(self, since: Duration) -> Option<SystemTime> {
        self.0.checked_add(since)
    }

    /// HubSpot's time this long before, at the earliest.
    pub(crate) fn before(self, since: Duration) -> SystemTime {
        self.0.checked_sub(since).unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

/// The time of a record, which is RFC 3339 in UTC or milliseconds since 1970.
pub(crate) fn created_at(text: &DateTime) -> Option<SystemTime> {
    let text = text.as_str().trim();
    let since = if let Ok(milliseconds) = text.parse() {
        Duration::from_millis(milliseconds)
    } else {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let [year, month, day] = numbers(date, '-')?;
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [hour, minute, second] = numbers(time, ':')?;
        let fraction: f64 = format!("0.{fraction}").parse().ok()?;
        let valid = (1..=12).contains(&month) && hour < 24 && minute < 60 && second <= 60;
        let days = valid.then(|| days_since_1970(year, month, day))??;
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
        Duration::from_secs(seconds) + Duration::try_from_secs_f64(fraction).ok()?
    };
    SystemTime::UNIX_EPOCH.checked_add(since)
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let numbers = text.split(separator).map(|part| {
        let is_number =
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    });
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_hubspot_writes_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-26T02:00:00.500Z", Some(1_795_658_400_500)),
            ("2026-11-26T02:00:00Z", Some(1_795_658_400_000)),
            ("1795658400500", Some(1_795_658_400_500)),
            ("", None),
            ("yesterday", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-11-26T02:00:00", None),
            ("2026-11-26T+2:00:00Z", None),
        ] {
            let time = created_at(&DateTime::from(text));
            let since = time.map(|time| time.duration_since(SystemTime::UNIX_EPOCH).unwrap());
            assert_eq!(since.map(|since| since.as_millis()), expected, "{text}");
        }
    }
}
