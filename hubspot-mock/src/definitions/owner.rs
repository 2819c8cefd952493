//! Owners: the users of an account to whom records belong.

/// A user of an account, as the owner of records.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use hubspot_mock::{MockHubSpot, Owner};
///
/// let hubspot = MockHubSpot::start().await?;
/// let acme = hubspot.account("acme");
/// let ada = acme.owner(Owner::new("ada@example.com").name("Ada", "Lovelace").team("Sales"));
/// let grace = acme.owner("grace@example.com");
/// acme.contact([("email", "x@example.com"), ("hubspot_owner_id", &ada)]);
/// # let _ = grace;
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new()?.block_on(example())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Owner {
    pub(crate) id: Option<u64>,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    /// The first one is the primary team.
    pub(crate) teams: Vec<String>,
    pub(crate) archived: bool,
}

impl Owner {
    /// Creates an owner without a name and teams.
    pub fn new(email: impl Into<String>) -> Self {
        Self {
            id: None,
            email: email.into(),
            first_name: String::new(),
            last_name: String::new(),
            teams: Vec::new(),
            archived: false,
        }
    }

    /// Sets the id. The default is the next free one, from 70000001 on.
    pub fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the first and the last name.
    pub fn name(mut self, first: impl Into<String>, last: impl Into<String>) -> Self {
        (self.first_name, self.last_name) = (first.into(), last.into());
        self
    }

    /// Adds the owner to a team, which is created with its first owner. The first team is the primary one.
    pub fn team(mut self, name: impl Into<String>) -> Self {
        self.teams.push(name.into());
        self
    }

    /// Makes the owner a former user: it is listed with `archived=true` only, and records cannot be assigned to it.
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }
}

impl From<&str> for Owner {
    fn from(email: &str) -> Self {
        Self::new(email)
    }
}
