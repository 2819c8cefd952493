//! What is known about an operation before it is called.
//!
//! Comes in: one `static` [`Operation`] a call, written by the code generator. Goes out: what request building, retry,
//! errors and tracing spans ask about it. Refuses nothing; it is data.

use std::fmt;

use hubspot_scopes::Requirement;

/// The static description of one HubSpot operation.
///
/// Every generated operation has exactly one, in [`crate::operations`]; [`crate::operations::all`] lists those of the
/// enabled features.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The name that errors, spans and the audit use: `contacts.list`, or `v3.contacts.list` for an older version.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with parameters in braces: `/crm/objects/2026-09/contacts/{objectId}`.
    pub path: &'static str,
    /// The scopes that the operation needs, in the text form of [`Requirement`]; empty when it needs none.
    pub requirement: &'static str,
    /// Whether a second, equal request leaves HubSpot as the first one did, so that it may be repeated when the fate of
    /// the first is unknown.
    pub idempotent: bool,
    /// Which rate limit the operation counts against.
    pub budget: Budget,
    /// Where the cursor of the next page goes, for an operation that answers in pages.
    pub paging: Option<Paging>,
    /// Whether the call carries the access token. OAuth's own operations do not.
    pub authenticated: bool,
}

impl Operation {
    /// The scopes that the operation needs; `None` for a raw request, of which nothing is known.
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

    /// Whether this stands for a request that the caller spelled out.
    pub(crate) fn is_raw(&self) -> bool {
        self.path.is_empty()
    }

    /// The description that stands in for a raw request with `method`.
    pub(crate) fn raw(method: Method) -> &'static Self {
        const fn raw(method: Method, idempotent: bool) -> Operation {
            Operation {
                id: "raw request",
                method,
                path: "",
                requirement: "",
                idempotent,
                budget: Budget::TenSecondly,
                paging: None,
                authenticated: true,
            }
        }
        static GET: Operation = raw(Method::Get, true);
        static POST: Operation = raw(Method::Post, false);
        static PUT: Operation = raw(Method::Put, true);
        static PATCH: Operation = raw(Method::Patch, false);
        static DELETE: Operation = raw(Method::Delete, true);
        match method {
            Method::Get => &GET,
            Method::Post => &POST,
            Method::Put => &PUT,
            Method::Patch => &PATCH,
            Method::Delete => &DELETE,
        }
    }
}

/// The HTTP methods that HubSpot's API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, searches, and works on batches.
    Post,
    /// Sets, whatever was there before.
    Put,
    /// Changes what is named and leaves the rest.
    Patch,
    /// Archives or removes.
    Delete,
}

impl Method {
    /// The method as it goes over the wire: `GET`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
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

/// The rate limit that an operation counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Budget {
    /// The account's requests in ten seconds: 100 to 250, by product.
    TenSecondly,
    /// The searches in one second: 5 an account, outside the ten-second budget.
    Secondly,
}

/// Where the cursor of the next page goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Paging {
    /// Into the query parameter `after`: lists.
    Query,
    /// Into the field `after` of the JSON body: searches.
    Body,
}
