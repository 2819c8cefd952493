//! Static descriptions of operations, which the code generator writes.

use std::fmt;

use hubspot_scopes::Requirement;

/// The static description of an operation.
///
/// Every generated operation has one in [`crate::operations`]; [`crate::operations::all`] returns those of the enabled
/// features.
///
/// Its strings are slices of one line of text: `hubspot-operation:1`, then the id, the method, the path and the
/// requirement, separated by tabs. A compiled program contains the line of each operation that it can call, which
/// `cargo hubspot audit --binary` finds. A program that uses [`crate::operations::all`] contains them all.
#[derive(Debug)]
pub struct Operation {
    /// The name in errors, spans and the audit: `contacts.list`, or `v3.contacts.list` for an older version.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with parameters in braces: `/crm/objects/2026-09/contacts/{objectId}`.
    pub path: &'static str,
    /// The scopes that the operation needs, as the text of a [`Requirement`]; empty if it needs none.
    pub requirement: &'static str,
    /// Whether repeating the request has no further effect. The client retries such an operation even when it does not know
    /// whether the first request took effect.
    pub idempotent: bool,
    /// Whether the operation only reads, so that it never has an effect.
    pub read_only: bool,
    /// The rate limit that the operation counts against.
    pub budget: Budget,
    /// Where the cursor of the next page goes, for an operation with pages.
    pub paging: Option<Paging>,
    /// What requests are authenticated with.
    pub authentication: Authentication,
    /// There may be more fields in any version.
    #[doc(hidden)]
    pub __more: (),
}

impl Operation {
    /// Parses a line that [`describe!`] wrote; `parts` are id, method and path.
    ///
    /// Evaluated at compile time. The other fields have the values that most operations need.
    #[doc(hidden)]
    pub const fn described(line: &'static str, parts: [&str; 3]) -> Self {
        let [id, method, path] = parts;
        let (_, rest) = line.split_at(crate::__line_start!().len());
        let (id, rest) = rest.split_at(id.len());
        let (method, rest) = rest.split_at(1 + method.len());
        let (path, rest) = rest.split_at(1 + path.len());
        Self {
            id,
            method: Method::of_name(method.split_at(1).1),
            path: path.split_at(1).1,
            requirement: rest.split_at(rest.len() - 1).0.split_at(1).1,
            idempotent: false,
            read_only: false,
            budget: Budget::TenSecondly,
            paging: None,
            authentication: Authentication::AccessToken,
            __more: (),
        }
    }

    /// The scopes that the operation needs; `None` for a raw request, whose scopes are not known.
    ///
    /// ```
    /// # #[cfg(feature = "contacts")] {
    /// let requirement = hubspot_generated::operations::CONTACTS_LIST.requirement().unwrap();
    /// assert_eq!(requirement.to_string(), r#""crm.objects.contacts.read""#);
    /// # }
    /// ```
    pub fn requirement(&self) -> Option<Requirement> {
        if self.is_raw() {
            return None;
        }
        self.requirement.parse().ok()
    }

    /// The resource that the operation belongs to, such as `contacts`.
    ///
    /// ```
    /// # #[cfg(feature = "contacts")] {
    /// let operation = &hubspot_generated::operations::CONTACTS_LIST;
    /// assert_eq!((operation.resource(), operation.verb()), ("contacts", "list"));
    /// # }
    /// ```
    pub fn resource(&self) -> &'static str {
        let mut parts = self.id.rsplit('.').skip(1);
        parts.next().unwrap_or_default()
    }

    /// What the operation does, as its method is named: `list` or `batch_upsert`. The same in every resource and version.
    pub fn verb(&self) -> &'static str {
        self.id.rsplit('.').next().unwrap_or_default()
    }

    /// Returns whether the response may hold the only copy of a new refresh token.
    pub(crate) fn returns_tokens(&self) -> bool {
        self.id == "oauth.token"
    }

    /// Returns whether this describes raw requests.
    pub(crate) fn is_raw(&self) -> bool {
        self.path.is_empty()
    }

    /// The description of raw requests with `method` to `path`.
    pub(crate) fn raw(method: Method, path: &str) -> &'static Self {
        const POST: Operation = describe!("raw request", "POST", "", "");
        static GET: Operation = describe!("raw request", "GET", "", "").reading();
        static SEARCH: Operation = POST.reading().counted(Budget::Secondly).paged(Paging::Body);
        static BATCH_READ: Operation = POST.reading();
        static BATCH_WRITE: Operation = POST.repeatable();
        static CREATE: Operation = POST;
        static PUT: Operation = describe!("raw request", "PUT", "", "").repeatable();
        static PATCH: Operation = describe!("raw request", "PATCH", "", "").repeatable();
        static DELETE: Operation = describe!("raw request", "DELETE", "", "").repeatable();
        // What a POST does shows in the end of its path. Other families of paths may use the same words otherwise.
        let path = path.strip_suffix('/').unwrap_or(path);
        let below_crm = path.strip_prefix("/crm/").unwrap_or_default();
        let ends_with = |ends: &[&str]| ends.iter().any(|end| below_crm.ends_with(end));
        match method {
            Method::Get => &GET,
            Method::Post if ends_with(&["/search"]) => &SEARCH,
            Method::Post if ends_with(&["/batch/read"]) => &BATCH_READ,
            Method::Post if ends_with(&["/batch/update", "/batch/upsert", "/batch/archive"]) => {
                &BATCH_WRITE
            }
            Method::Post => &CREATE,
            Method::Put => &PUT,
            Method::Patch => &PATCH,
            Method::Delete => &DELETE,
        }
    }

    /// An operation that is idempotent.
    #[doc(hidden)]
    pub const fn repeatable(self) -> Self {
        Self {
            idempotent: true,
            ..self
        }
    }

    /// An operation that only reads.
    #[doc(hidden)]
    pub const fn reading(self) -> Self {
        Self {
            read_only: true,
            ..self.repeatable()
        }
    }

    /// An operation that counts against another rate limit than most.
    #[doc(hidden)]
    pub const fn counted(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// An operation with pages.
    #[doc(hidden)]
    pub const fn paged(self, paging: Paging) -> Self {
        Self {
            paging: Some(paging),
            ..self
        }
    }

    /// An operation that takes something else than an access token.
    #[doc(hidden)]
    pub const fn authenticated(self, authentication: Authentication) -> Self {
        Self {
            authentication,
            ..self
        }
    }
}

/// The start of a description's line; the digit is the version of its format.
#[doc(hidden)]
#[macro_export]
macro_rules! __line_start {
    () => {
        "hubspot-operation:1\t"
    };
}

/// Describes an operation by the literals of its id, method, path and requirement.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($id:literal, $method:literal, $path:literal, $requirement:literal $(; $($more:tt)*)?) => {
        $crate::__rt::operation::Operation::described(
            ::core::concat!(
                $crate::__line_start!(),
                $id,
                "\t",
                $method,
                "\t",
                $path,
                "\t",
                $requirement,
                "\n"
            ),
            [$id, $method, $path],
        )
        $($($more)*)?
    };
}
pub use __describe as describe;

/// The HTTP methods that HubSpot's API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, searches, and all batches.
    Post,
    /// Replaces.
    Put,
    /// Updates the given fields.
    Patch,
    /// Archives or deletes.
    Delete,
}

impl Method {
    /// The method in upper case, such as `GET`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Parses a method that the code generator wrote.
    const fn of_name(name: &str) -> Self {
        match name.as_bytes() {
            b"GET" => Self::Get,
            b"PUT" => Self::Put,
            b"PATCH" => Self::Patch,
            b"DELETE" => Self::Delete,
            _ => Self::Post,
        }
    }

    pub(crate) fn to_http(self) -> reqwest::Method {
        match self {
            Self::Get => reqwest::Method::GET,
            Self::Post => reqwest::Method::POST,
            Self::Put => reqwest::Method::PUT,
            Self::Patch => reqwest::Method::PATCH,
            Self::Delete => reqwest::Method::DELETE,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the requests of an operation are authenticated with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Authentication {
    /// Nothing, as with OAuth's own operations.
    None,
    /// An access token, whose scopes are checked.
    AccessToken,
    /// The [API key of a developer account](crate::DeveloperKey).
    DeveloperKey,
}

/// The rate limit that an operation counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Budget {
    /// Requests per account in ten seconds: 100 to 250, depending on the product.
    TenSecondly,
    /// Searches per account in one second: 5, outside the ten-second limit.
    Secondly,
    /// Neither the daily limit nor the ten-second limit applies.
    Exempt,
}

/// Where the cursor of the next page goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Paging {
    /// The query parameter `after`, for lists.
    Query,
    /// The field `after` of the JSON body, for searches.
    Body,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_the_parts_of_its_line() {
        static OPERATION: Operation = Operation {
            idempotent: true,
            ..describe!("notes.update", "PATCH", "/notes/{noteId}", "\"a\", \"b\"")
        };
        assert_eq!(
            (OPERATION.id, OPERATION.method, OPERATION.path),
            ("notes.update", Method::Patch, "/notes/{noteId}")
        );
        assert_eq!(OPERATION.requirement, r#""a", "b""#);
        let line = OPERATION.id.as_ptr() as usize..OPERATION.requirement.as_ptr() as usize;
        assert_eq!(
            line.len(),
            "notes.update\tPATCH\t/notes/{noteId}\t".len(),
            "the parts are parts of one text"
        );
    }

    #[test]
    fn no_part_ends_its_line() {
        for operation in crate::operations::all() {
            for part in [operation.id, operation.path, operation.requirement] {
                assert!(!part.contains(['\t', '\n']), "{operation:?}");
            }
            assert_eq!(Method::of_name(operation.method.as_str()), operation.method);
        }
    }
}
