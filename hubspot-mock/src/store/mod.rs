//! The state of a server: accounts with their records, tokens, limits, planned faults and the journal.

pub(crate) mod account;
pub(crate) mod answers;
pub(crate) mod associations;
pub(crate) mod collection;
pub(crate) mod crm;
pub(crate) mod faults;
pub(crate) mod identities;
pub(crate) mod jobs;
pub(crate) mod journal;
pub(crate) mod limits;
pub(crate) mod lists;
pub(crate) mod owners;
pub(crate) mod record;
pub(crate) mod recording;
pub(crate) mod server_state;
pub(crate) mod summary;
pub(crate) mod tokens;
pub(crate) mod webhooks;

pub(crate) use self::account::Account;
pub(crate) use self::answers::{Answer, Answers};
pub(crate) use self::associations::{Associations, Definition, Neighbours};
pub(crate) use self::collection::Collection;
pub(crate) use self::crm::Store;
pub(crate) use self::faults::{Faults, RandomFaults};
pub(crate) use self::identities::Identities;
pub(crate) use self::jobs::Jobs;
pub(crate) use self::journal::{Journal, JournalView};
pub(crate) use self::limits::{Caller, Limits, Rate, TEN_SECONDS};
pub(crate) use self::lists::{List, Lists, Processing};
pub(crate) use self::owners::{KnownOwner, Owners};
pub(crate) use self::record::{Record, Source};
pub(crate) use self::recording::{Exchanged, Recorder, Recording, Replay};
pub(crate) use self::server_state::ServerState;
pub(crate) use self::summary::TypeSummary;
pub(crate) use self::tokens::consent::{Consent, InstallLink};
pub(crate) use self::tokens::failure::Failure;
pub(crate) use self::tokens::{
    ACCESS_LIFETIME, Approval, CodeExchange, Grant, Holder, Issued, Rejected, TokenSummary, Tokens,
    belongs_to,
};
pub(crate) use self::webhooks::AppWebhooks;
