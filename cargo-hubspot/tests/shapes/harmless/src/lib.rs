//! Code that this build leaves out and that calls nothing: what is unused is called so.
//!
//! ```
//! assert_eq!(harmless::name(), "harmless");
//! ```

use std::collections::HashMap;

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.companies.read", // for the report
            "forms",
        ],
    }
}

#[derive(Clone, Debug, Default)]
pub struct Cache {
    names: HashMap<String, String>,
}

pub async fn contacts(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

pub fn name() -> &'static str {
    #[cfg(windows)]
    std::process::Command::new("chcp").arg("65001").status().unwrap();
    "harmless"
}

#[cfg(feature = "extra")]
impl Cache {
    pub fn name(&self, id: &str) -> Option<&String> {
        println!("{}", self.names.len());
        self.names.get(id)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn has_a_name() {
        assert_eq!(super::name(), "harmless");
    }
}
