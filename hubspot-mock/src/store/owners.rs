//! The owners and teams of an account.

use std::collections::BTreeMap;

use crate::definitions::Owner;

/// The id of the first owner, of the first user and of the first team.
const FIRST_OWNER: u64 = 70_000_001;
const FIRST_USER: u64 = 10_000_001;
const FIRST_TEAM: u64 = 3_000_001;

/// The owners of an account by id, and its teams.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    owners: BTreeMap<u64, KnownOwner>,
    /// Names of teams; ids are assigned in their order.
    teams: Vec<String>,
}

/// An owner with its ids.
#[derive(Debug)]
pub(crate) struct KnownOwner {
    pub(crate) id: u64,
    pub(crate) user_id: u64,
    pub(crate) owner: Owner,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
}

impl Owners {
    /// Adds an owner and returns its id, or `None` if the id is taken.
    pub(crate) fn add(&mut self, owner: Owner, now: i64) -> Option<u64> {
        let next = || {
            FIRST_OWNER.max(
                self.owners
                    .last_key_value()
                    .map_or(0, |(id, _)| id.saturating_add(1)),
            )
        };
        let id = owner.id.unwrap_or_else(next);
        if self.owners.contains_key(&id) {
            return None;
        }
        for team in &owner.teams {
            if !self.teams.contains(team) {
                self.teams.push(team.clone());
            }
        }
        let known = KnownOwner {
            id,
            user_id: FIRST_USER + self.owners.len() as u64,
            owner,
            created_at: now,
        };
        self.owners.insert(id, known);
        Some(id)
    }

    /// The owners, in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &KnownOwner> {
        self.owners.values()
    }

    /// The owner with an id, as text, to whom records can be assigned.
    pub(crate) fn assignable(&self, id: &str) -> Option<&KnownOwner> {
        let known = self.owners.get(&id.trim().parse().ok()?)?;
        (!known.owner.archived).then_some(known)
    }

    /// The ids and names of the teams.
    pub(crate) fn teams(&self) -> impl Iterator<Item = (u64, &str)> {
        (FIRST_TEAM..).zip(self.teams.iter().map(String::as_str))
    }

    /// The id of a team.
    pub(crate) fn team_id(&self, name: &str) -> Option<u64> {
        let place = self.teams.iter().position(|known| known == name)?;
        Some(FIRST_TEAM + place as u64)
    }
}
