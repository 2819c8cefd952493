//! An operation on objects of any type: the message does not choose the type.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    struct FileScopes {
        required: ["files"],
    }
}

async fn associate(hubspot: &Client<FileScopes>) -> Result<(), Error> {
    hubspot.associations().set_default("contacts", "1", "deals", "2").send().await?;
    Ok(())
}

fn main() {}
