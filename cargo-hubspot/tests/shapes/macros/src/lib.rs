//! Calls that macros make.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read"],
    }
}

/// A call in the definition.
macro_rules! list {
    ($hubspot:expr, $resource:ident) => {
        $hubspot.$resource().list().send().await
    };
}

/// A use of another macro.
macro_rules! twice {
    ($hubspot:expr) => {
        list!($hubspot, contacts)?;
        list!($hubspot, companies)?;
    };
}

/// What it is given.
macro_rules! logged {
    ($($tokens:tt)*) => {{
        let answer = $($tokens)*;
        answer
    }};
}

/// A function.
macro_rules! make {
    ($name:ident, $resource:ident) => {
        pub async fn $name(hubspot: &Client<AppScopes>) -> Result<(), Error> {
            hubspot.$resource().get("1").send().await?;
            Ok(())
        }
    };
}

/// Items.
macro_rules! items {
    ($($item:item)*) => { $($item)* };
}

make!(company, companies); //~ companies.get
make!(contact, contacts); //~ contacts.get

items! {
    pub async fn inside(hubspot: &Client<AppScopes>) -> Result<(), Error> {
        hubspot.contacts().list().send().await?; //~ contacts.list
        Ok(())
    }
}

pub async fn run(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    list!(hubspot, contacts)?; //~ contacts.list
    list!(hubspot, contacts)?; //~ contacts.list
    twice!(hubspot); //~ contacts.list companies.list
    logged!(hubspot.companies().list().send().await)?; //~ companies.list
    let pages = vec![hubspot.contacts().list(), hubspot.contacts().list()]; //~ contacts.list contacts.list
    println!("{}", hubspot.contacts().list().await?.results.len()); //~ contacts.list
    drop(pages);
    Ok(())
}
