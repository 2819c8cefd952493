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
///
/// Its texts are parts of one text, a line that begins with `hubspot-operation:1` and has the id, the method, the path
/// and the requirement behind it, separated by tabs. So a finished program holds one such line for each operation that
/// it can call: that is what `cargo hubspot audit --binary` reads. A program that names [`crate::operations::all`] holds
/// them all.
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
    /// Whether a second, equal request leaves HubSpot as the first one did. The client retries such an operation even
    /// when it does not know whether the first request took effect.
    pub idempotent: bool,
    /// Whether the operation only reads, so that it never has an effect.
    pub read_only: bool,
    /// Which rate limit the operation counts against.
    pub budget: Budget,
    /// Where the cursor of the next page goes, for an operation that answers in pages.
    pub paging: Option<Paging>,
    /// Whether the call carries the access token. OAuth's own operations do not.
    pub authenticated: bool,
}

impl Operation {
    /// The description in `line`, which [`describe!`] has written; `lengths` are those of id, method and path.
    ///
    /// Evaluated by the compiler. What a line does not say is as it is for most calls.
    pub(crate) const fn described(line: &'static str, lengths: [usize; 3]) -> Self {
        let [id, method, path] = lengths;
        let (_, rest) = line.split_at(line_start!().len());
        let (id, rest) = rest.split_at(id);
        let (method, rest) = rest.split_at(1 + method);
        let (path, rest) = rest.split_at(1 + path);
        Self {
            id,
            method: Method::of_name(method.split_at(1).1),
            path: path.split_at(1).1,
            requirement: rest.split_at(rest.len() - 1).0.split_at(1).1,
            idempotent: false,
            read_only: false,
            budget: Budget::TenSecondly,
            paging: None,
            authenticated: true,
        }
    }

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
        static GET: Operation = Operation {
            idempotent: true,
            read_only: true,
            ..describe!("raw request", "GET", "", "")
        };
        static POST: Operation = describe!("raw request", "POST", "", "");
        static PUT: Operation = Operation {
            idempotent: true,
            ..describe!("raw request", "PUT", "", "")
        };
        static PATCH: Operation = Operation {
            idempotent: true,
            ..describe!("raw request", "PATCH", "", "")
        };
        static DELETE: Operation = Operation {
            idempotent: true,
            ..describe!("raw request", "DELETE", "", "")
        };
        match method {
            Method::Get => &GET,
            Method::Post => &POST,
            Method::Put => &PUT,
            Method::Patch => &PATCH,
            Method::Delete => &DELETE,
        }
    }
}

/// What a description begins with; the digit is the version of its form.
macro_rules! line_start {
    () => {
        "hubspot-operation:1\t"
    };
}
pub(crate) use line_start;

/// The description of an operation, from the literals of its id, method, path and requirement, as one text.
macro_rules! describe {
    ($id:literal, $method:literal, $path:literal, $requirement:literal) => {
        $crate::operation::Operation::described(
            concat!(
                $crate::operation::line_start!(),
                $id,
                "\t",
                $method,
                "\t",
                $path,
                "\t",
                $requirement,
                "\n"
            ),
            [$id.len(), $method.len(), $path.len()],
        )
    };
}
pub(crate) use describe;

/// The HTTP methods that HubSpot's API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
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

    /// The method of a name that the code generator wrote.
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
