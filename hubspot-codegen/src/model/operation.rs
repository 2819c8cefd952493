//! The operations of a document: plain values, like the rest of the model.

use hubspot_scopes::Requirement;
use serde::Serialize;

use super::{Notes, Place, Type};

/// One operation of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Where it is written.
    pub place: Place,
    /// In capitals: `GET`.
    pub method: String,
    /// The path template with bound parameters filled in: `/crm/objects/2026-09/contacts/{objectId}`.
    pub path: String,
    /// One line.
    pub summary: Option<String>,
    /// The rest, as Markdown.
    pub description: Option<String>,
    /// The meaningful tail of HubSpot's operationId: `getPage`.
    pub hubspot_name: Option<String>,
    /// Whether HubSpot deprecates it.
    pub deprecated: bool,
    /// Path parameters in the order of the template.
    pub path_parameters: Vec<Parameter>,
    /// Query parameters, sorted by name.
    pub query_parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What a success brings: `None` for an empty body. A batch operation's response always carries its errors.
    pub response: Option<Type>,
    /// How the response is written on the wire.
    pub response_encoding: Encoding,
    /// The status of a complete success: the lowest that is listed, `None` if none is.
    pub success: Option<u16>,
    /// The scopes that it needs.
    #[serde(serialize_with = "as_text")]
    pub requirement: Requirement,
    /// What a call authenticates itself with.
    pub authentication: Authentication,
    /// Which budget it draws on.
    pub budget: Budget,
}

impl Operation {
    /// What `apis.toml` calls it: `GET /crm/objects/2026-09/contacts`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The parameters of path and query.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.path_parameters.iter().chain(&self.query_parameters)
    }

    /// The types of what is sent: the parameters and the body.
    pub fn sent(&self) -> impl Iterator<Item = &Type> {
        let body = self.body.iter().map(|body| &body.ty);
        body.chain(self.parameters().map(|parameter| &parameter.ty))
    }

    /// Every type that it mentions.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.sent().chain(&self.response)
    }

    /// The query parameters without which a call is refused.
    pub fn required_query(&self) -> impl Iterator<Item = &Parameter> {
        self.query_parameters
            .iter()
            .filter(|parameter| parameter.required)
    }
}

/// A path or query parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Its default, as JSON text.
    pub default: Option<String>,
    /// How several values are written, if it is a list.
    pub list: ListStyle,
    /// Whether HubSpot advises against it.
    pub deprecated: bool,
    /// Its description and place.
    pub notes: Notes,
}

/// How the values of a list are written in a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum ListStyle {
    /// The parameter is repeated for each.
    #[default]
    Repeated,
    /// As one value, with commas between them.
    Commas,
    /// As one value, with spaces between them.
    Spaces,
    /// As one value, with `|` between them.
    Pipes,
}

/// A request body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Body {
    /// How it is written on the wire.
    pub encoding: Encoding,
    /// The document's name for that: `application/json`.
    pub media_type: String,
    /// Its type.
    pub ty: Type,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// How a body is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum Encoding {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// Text of any kind.
    Text,
    /// Anything else, which is not looked at.
    Bytes,
}

/// What a call authenticates itself with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum Authentication {
    /// Nothing: the document lists no security.
    None,
    /// An access token. An operation that a developer API key opens too is called with a token.
    AccessToken,
    /// The API key of a developer account, and nothing else.
    DeveloperKey,
}

impl Authentication {
    /// The variant of the type of the same name in the client and in the mock.
    pub fn variant(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::AccessToken => "AccessToken",
            Self::DeveloperKey => "DeveloperKey",
        }
    }
}

/// Which of HubSpot's rate limits a call counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum Budget {
    /// The budget of ten seconds that most calls share.
    TenSecondly,
    /// Its own budget a second (search): exempt from the ten-second one.
    Secondly,
    /// None: exempt from the daily one and the ten-second one.
    Exempt,
}

/// A requirement's canonical text.
pub(crate) fn as_text<S: serde::Serializer>(
    requirement: &Requirement,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(requirement)
}
