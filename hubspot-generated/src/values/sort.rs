//! The order of a search's results.

use serde::de::Error as _;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::decode::Decoded;
use crate::encode::{Encode, object, text};

const PROPERTY: &str = "propertyName";
const DIRECTION: &str = "direction";
const DESCENDING: &str = "DESCENDING";

/// What the results of a search are ordered by: a property, ascending or descending.
///
/// HubSpot takes an object with the property and the direction, and also text, in which a hyphen before the property means
/// descending. Each is sent in the form in which it was given.
///
/// ```
/// use hubspot_generated::Sort;
/// use hubspot_generated::models::Search;
///
/// let newest_first = Search::new().sorts([Sort::descending("createdate")]);
/// let the_same = Search::new().sorts(["-createdate"]);
/// assert!(Sort::from("-createdate").is_descending());
/// # let _ = (newest_first, the_same);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    property: String,
    is_descending: bool,
    is_text: bool,
}

impl Sort {
    /// From the least value of a property to the greatest.
    pub fn ascending(property: impl Into<String>) -> Self {
        Self {
            property: property.into(),
            is_descending: false,
            is_text: false,
        }
    }

    /// From the greatest value of a property to the least.
    pub fn descending(property: impl Into<String>) -> Self {
        Self {
            is_descending: true,
            ..Self::ascending(property)
        }
    }

    /// The name of the property.
    pub fn property(&self) -> &str {
        &self.property
    }

    /// Whether the greatest value comes first.
    pub fn is_descending(&self) -> bool {
        self.is_descending
    }

    fn direction(&self) -> &'static str {
        if self.is_descending {
            DESCENDING
        } else {
            "ASCENDING"
        }
    }

    fn text(&self) -> String {
        let hyphen = if self.is_descending { "-" } else { "" };
        format!("{hyphen}{}", self.property)
    }
}

/// A property, with a hyphen before it for descending.
impl From<&str> for Sort {
    fn from(text: &str) -> Self {
        let property = text.strip_prefix('-');
        Self {
            property: property.unwrap_or(text).to_owned(),
            is_descending: property.is_some(),
            is_text: true,
        }
    }
}

/// A property, with a hyphen before it for descending.
impl From<String> for Sort {
    fn from(text: String) -> Self {
        Self::from(&*text)
    }
}

impl Encode for Sort {
    fn encode(&self, json: &mut String) -> Decoded {
        if self.is_text {
            text(json, &self.text());
        } else {
            let values: [&dyn Encode; 2] = [&self.property, &self.direction()];
            return object(json, &[PROPERTY, DIRECTION], &[], &values);
        }
        Ok(())
    }
}

impl Serialize for Sort {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_text {
            return serializer.serialize_str(&self.text());
        }
        let mut object = serializer.serialize_struct("Sort", 2)?;
        object.serialize_field(PROPERTY, &self.property)?;
        object.serialize_field(DIRECTION, self.direction())?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Sort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if let Value::String(text) = value {
            return Ok(text.into());
        }
        let property = value.get(PROPERTY).and_then(Value::as_str);
        let direction = value.get(DIRECTION).and_then(Value::as_str);
        Ok(Self {
            property: property
                .ok_or_else(|| D::Error::missing_field(PROPERTY))?
                .to_owned(),
            is_descending: direction.is_some_and(|text| text.eq_ignore_ascii_case(DESCENDING)),
            is_text: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Sort;
    use crate::encode::encode;

    #[test]
    fn each_form_is_written_as_it_was_given_and_read_again() {
        let sorts = vec![
            Sort::from("createdate"),
            Sort::from("-createdate".to_owned()),
            Sort::ascending("\"name\""),
            Sort::descending("name"),
        ];
        let json = r#"["createdate","-createdate",{"propertyName":"\"name\"","direction":"ASCENDING"},{"propertyName":"name","direction":"DESCENDING"}]"#;
        assert_eq!(encode(&sorts).unwrap(), json.as_bytes());
        assert_eq!(serde_json::to_string(&sorts).unwrap(), json);
        assert_eq!(serde_json::from_str::<Vec<Sort>>(json).unwrap(), sorts);
        assert!(serde_json::from_str::<Sort>(r#"{"direction":"ASCENDING"}"#).is_err());
    }
}
