//! Calls in implementations of traits, and calls through traits.

use std::future::Future;

use hubspot_generated::{Client, Error, ScopeSet, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.companies.read"],
    }
}

pub trait Store {
    fn names(&self) -> impl Future<Output = Result<Vec<String>, Error>>;

    fn count(&self) -> impl Future<Output = Result<usize, Error>> {
        async { Ok(self.names().await?.len()) }
    }
}

impl Store for Client<AppScopes> {
    async fn names(&self) -> Result<Vec<String>, Error> {
        let page = self.contacts().list().await?; //~ contacts.list
        Ok(page.results.into_iter().map(|contact| contact.id).collect())
    }
}

pub trait Stated<S> {
    #[hubspot_scopes("crm.objects.companies.read")]
    fn first(&self) -> impl Future<Output = Result<(), Error>>;

    #[hubspot_scopes("crm.objects.companies.read")]
    async fn second(&self, hubspot: &Client<S>) -> Result<(), Error> {
        hubspot.companies().get("2").await?; //~ companies.get
        Ok(())
    }
}

impl<S: ScopeSet> Stated<S> for Client<S> {
    #[hubspot_scopes("crm.objects.companies.read")]
    async fn first(&self) -> Result<(), Error> {
        self.companies().get("1").await?; //~ companies.get
        Ok(())
    }
}

pub struct Job(Client<AppScopes>);

impl Drop for Job {
    fn drop(&mut self) {
        drop(self.0.contacts().archive("1")); //~ contacts.archive
    }
}

impl<'a> From<&'a Job> for hubspot_generated::Request<()> {
    fn from(job: &'a Job) -> Self {
        job.0.contacts().archive("2") //~ contacts.archive
    }
}

pub async fn run(hubspot: &Client<AppScopes>) -> Result<usize, Error> {
    hubspot.first().await?;
    Stated::second(hubspot, hubspot).await?;
    Store::count(hubspot).await
}
